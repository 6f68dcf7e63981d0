"""What a thread does, by number: as `sampleStates` of the engine has them."""
STATES = 'computing', 'sleep', 'socket', 'file', 'lock', 'child', 'waiting', 'throttled'
NUMBERS = {state: number for number, state in enumerate(STATES)}

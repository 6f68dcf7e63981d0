import { addExample, openForm } from '../../state/diagnose.ts'
import { sendFiles } from '../../state/diagnose-send.ts'
import { chooseFiles } from '../../ui/dropped-files.ts'
import { Icon } from '../../ui/icon.tsx'
import type { IconName } from '../../ui/icon-paths.tsx'

const kinds: readonly { icon: IconName; title: string; gives: string; what: string }[] = [
  { icon: 'limits', title: 'Configurations', gives: 'which limits exist, and which fires first', what: 'nginx, HAProxy, Apache, Caddy, Envoy, Kubernetes, compose, gunicorn, Go and Node and Python source, .env, curl command lines' },
  { icon: 'lines', title: 'Logs', gives: 'which of them did it', what: 'access and error logs, application logs, Lambda and Heroku, Kubernetes events, the kernel; .gz too, of any size' },
  { icon: 'eye', title: 'What was seen', gives: 'what can be excluded', what: 'a HAR, the output of curl -v, the error of a client library, the end of a process' },
]

/** Before anything is on the desk: what it is for, what to drop, an example. */
export function Empty() {
  return (
    <section className="start dg-empty" aria-label="Start">
      <h1>Find what cut a request that ran elsewhere.</h1>
      <p className="start-lead">Drop the files of the real system anywhere on this window. Cutoff reads which limits they set and which one fired, and names the file and the line. Nothing leaves this computer.</p>
      <div className="row start-actions dg-actions">
        <button type="button" className="btn btn-primary" onClick={() => void addExample()}><Icon name="diagnose" />Try it with an example</button>
        <button type="button" className="btn" onClick={() => void chooseFiles(false).then((files) => sendFiles(files))}><Icon name="folder" />Choose files</button>
        <button type="button" className="btn" onClick={() => openForm('paste')}><Icon name="lines" />Paste text</button>
      </div>
      <h2>What to drop <span className="dim">one of them is enough to begin; each more makes the answer surer</span></h2>
      <div className="start-cards">
        {kinds.map(({ icon, title, gives, what }) => (
          <div key={title} className="card dg-kind"><b><Icon name={icon} />{title}</b><p>They tell {gives}.</p><p className="dim">{what}</p></div>
        ))}
      </div>
      <h2>The example</h2>
      <p className="ink-2 dg-example">A request died after 500 ms, and every timeout that anybody remembers is 30, 60 or 65 s. HAProxy, nginx and a Node gateway stood in a row: two configurations, four logs, as the servers wrote them.</p>
    </section>
  )
}

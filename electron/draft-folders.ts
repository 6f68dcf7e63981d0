/** Drafts of windows that have a name, below the data folder. */
export const draftsFolder = 'drafts'
/** What stands in the forms of the diagnosis desk, likewise. */
export const deskDraftsFolder = 'desk/drafts'

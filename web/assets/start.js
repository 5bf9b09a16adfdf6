// Stands first in the body, so that the style sheet knows before anything is drawn that scripts work: nothing jumps.
document.body.classList.add("js-enabled", "govuk-frontend-supported")

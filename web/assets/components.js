// Brings the page's components to life. Pages work without it.
import { initAll } from "./govuk-frontend.min.js"

initAll()

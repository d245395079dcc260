// The one script that a CRM's page loads: it registers the components.

export { GmailAdmin } from "./admin.js";
export { Problem, type TokenSource } from "./api.js";
export { handTicketBack } from "./consent.js";
export { GmailNotices } from "./notices.js";
export { GmailRecord } from "./record.js";
export { GmailSettings } from "./settings.js";

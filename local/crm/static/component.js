// The product's web components on this CRM's pages, as any CRM embeds them: one script, one callback for the token.

import "/assets/crm-gmail.js";

import { make } from "./dom.js";
import { freshToken } from "./session.js";

/** A component with its attributes; it asks for a token at each of its calls. */
export function component(tag, attributes = {}) {
  const element = make(tag, attributes);
  element.token = freshToken;
  return element;
}

// What the connector's endpoints answer (docs/openapi.yaml), as far as the components use it.

export interface Problem {
  detail: string;
  code: string;
  act: "user" | "admin" | "operator" | "retry";
  retry_after_s?: number;
}

export type Sharing = "private" | "custom" | "public";
export const CATEGORIES = ["closing_this_month", "open_deals", "customers"] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Mailbox {
  id: string;
  email: string;
  status: "connected" | "paused" | "needs_reconnect" | "connecting" | "leaving";
  health: { code: string; since: string; act: string | null; detail: string };
  /** What will go wrong unless somebody acts, told before it does. */
  warnings: { code: string; at: string; act: string; detail: string }[];
  settings: {
    sharing: Sharing;
    mailmagnet: boolean;
    labels: boolean;
    never_shared: string[];
    fixed: string[];
  };
  scopes: { granted: string[]; missing: string[]; stopped: string[] };
  watch: { expires_at: string | null };
  labels: Partial<Record<Category, { id: string; name: string }>>;
  labeling: { state: "idle" | "backfill"; done: number; total: number; last_run_at: string | null };
  connected_at: string;
  /** When the latest consent was completed. */
  granted_at: string;
}

export interface Person {
  name: string;
  address: string;
}

export interface MessageSummary {
  id: string;
  mailbox: string;
  owner: { id: string; name: string; you: boolean };
  thread_id: string;
  message_id: string;
  from: Person;
  verified?: boolean;
  to: Person[];
  cc: Person[];
  subject: string;
  date: string;
  snippet: string;
  unread: boolean;
  direction: "in" | "out";
  category: Category | null;
  labels: string[];
  has_attachments: boolean;
}

export interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
  inline: boolean;
}

export interface Message extends MessageSummary {
  headers: { name: string; value: string }[];
  text: string;
  html: string | null;
  quote_line: number | null;
  images: "block" | "show";
  remote_images: number;
  trackers: string[];
  notes: string[];
  attachments: Attachment[];
}

/** An unsent draft as it was written here, without the old mail under it. */
export interface WrittenDraft {
  id: string;
  thread_id: string;
  saved_at: string;
  forward: boolean;
  /** The Message-ID of the mail that is answered or forwarded. */
  in_reply_to: string | null;
  from: Person[];
  to: Person[];
  cc: Person[];
  bcc: Person[];
  subject: string;
  text: string;
}

export interface Deal {
  id: string;
  name: string;
  state: "open" | "won" | "lost";
  closing_date: string | null;
  amount: number | null;
}

export interface ContactPage {
  contact: { id: string; name: string; kind: "contact" | "lead"; addresses: string[]; deals: Deal[] };
  items: MessageSummary[];
  next_cursor: string | null;
  sources: { mailbox: string; owner: { id: string; name: string; you: boolean }; status: string }[];
}

/** What a recount found. */
export interface Completeness {
  from: string;
  to: string;
  expected: number;
  seen: number;
  repaired: number;
  missing: string[];
  state: "done" | "running";
}

export interface Notice {
  id: string;
  mailbox: string;
  from: string;
  received_at: string;
  contact: { id: string; name: string } | null;
  read: boolean;
}

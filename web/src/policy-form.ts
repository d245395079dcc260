// <gmail-policy>: the organisation's policy as a form.

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { ifMatch, isStale, type Tagged } from "./api.js";
import { changes } from "./changes.js";
import { GmailElement } from "./element.js";
import { shared } from "./style.js";
import { CATEGORIES, type Category } from "./types.js";

const CHOICES = ["users_choice", "private", "custom", "public"] as const;

type Choice = (typeof CHOICES)[number];

interface Policy {
  sharing: { all: Choice; roles: Record<string, Choice>; users: Record<string, Choice> };
  share_with: { users: string[]; roles: string[] };
  excluded_domains: string[];
  superiors_see: boolean;
  time_zone: string;
  label_names: Record<Category, string>;
  origins: string[];
  return_urls: string[];
  webhook: { url: string } | null;
  count_won_this_month: boolean;
  label_look_back_days: number;
}

type ListField = "excluded_domains" | "origins" | "return_urls";

@customElement("gmail-policy")
export class GmailPolicy extends GmailElement {
  static override styles = [
    shared,
    css`
      form {
        display: grid;
        gap: calc(var(--_gap) / 2);
      }
      label:not(.option) {
        display: grid;
        gap: 0.2em;
      }
      .pair {
        display: grid;
        /* Fields stand in line, however many lines their labels take. */
        align-items: end;
        gap: calc(var(--_gap) / 2);
        grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
      }
    `,
  ];

  @state() private policy: Policy | null = null;
  /** What the form was made from, and its ETag. */
  private read: Policy | null = null;
  private tag: string | null = null;

  protected override async load(): Promise<void> {
    await this.doing(async () => this.show(await this.api.tagged<Policy>("GET", "/oauth/org")));
  }

  private show({ body, tag }: Tagged<Policy>): void {
    this.policy = body;
    this.read = body;
    this.tag = tag;
  }

  private change(part: Partial<Policy>): void {
    if (this.policy) this.policy = { ...this.policy, ...part };
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    await this.doing(async () => {
      try {
        this.show(await this.api.tagged<Policy>("PUT", "/oauth/org", this.policy, ifMatch(this.tag)));
        this.said = this.say("settings.saved");
      } catch (fault) {
        if (!isStale(fault) || !this.policy || !this.read) throw fault;
        const changed = changes(this.read, this.policy);
        this.show(await this.api.tagged<Policy>("GET", "/oauth/org"));
        this.change(changed);
        this.said = this.say("settings.changed_elsewhere");
      }
    });
  }

  protected override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="policy">
      <h2 id="policy">${this.say("policy.title")}</h2>
      ${this.fault ? html`<p class="wrong" role="alert">${this.explain(this.fault)}</p>` : nothing}
      ${this.policy ? this.form(this.policy) : this.waiting()}
      <div role="status">${this.said ? html`<p class="quiet">${this.said}</p>` : nothing}</div>
    </section>`;
  }

  private waiting(): TemplateResult | typeof nothing {
    return this.fault ? nothing : html`<p class="quiet" aria-busy="true">${this.say("list.loading")}</p>`;
  }

  private form(policy: Policy): TemplateResult {
    const { sharing, share_with: shareWith } = policy;
    return html`<form @submit=${(event: Event) => this.save(event)}>
      <label>
        ${this.say("policy.sharing")}
        <select @change=${(event: Event) => this.change({ sharing: { ...sharing, all: valueOf(event) as Choice } })}>
          ${CHOICES.map(
            (choice) => html`<option value=${choice} ?selected=${choice === sharing.all}>${this.choice(choice)}</option>`,
          )}
        </select>
      </label>
      <div class="pair">
        ${this.area("policy.by_role", writeChoices(sharing.roles), (text) =>
          this.change({ sharing: { ...sharing, roles: readChoices(text) } }),
        )}
        ${this.area("policy.by_user", writeChoices(sharing.users), (text) =>
          this.change({ sharing: { ...sharing, users: readChoices(text) } }),
        )}
        ${this.area("policy.with_roles", shareWith.roles.join("\n"), (text) =>
          this.change({ share_with: { ...shareWith, roles: words(text) } }),
        )}
        ${this.area("policy.with_users", shareWith.users.join("\n"), (text) =>
          this.change({ share_with: { ...shareWith, users: words(text) } }),
        )}
        ${this.list("excluded_domains", policy)} ${this.list("origins", policy)} ${this.list("return_urls", policy)}
      </div>
      ${this.tick("policy.superiors_see", policy.superiors_see, (on) => this.change({ superiors_see: on }))}
      ${this.tick("policy.count_won", policy.count_won_this_month, (on) => this.change({ count_won_this_month: on }))}
      <div class="pair">
        ${this.line("policy.time_zone", policy.time_zone, (text) => this.change({ time_zone: text }))}
        ${this.line(
          "policy.look_back",
          String(policy.label_look_back_days),
          (text) => this.change({ label_look_back_days: Number(text) }),
          "number",
        )}
        ${CATEGORIES.map((category) =>
          this.line(`policy.label_${category}`, policy.label_names[category], (text) =>
            this.change({ label_names: { ...policy.label_names, [category]: text } }),
          ),
        )}
      </div>
      ${this.line(
        "policy.webhook",
        policy.webhook?.url ?? "",
        (text) => this.change({ webhook: text ? { url: text } : null }),
        "url",
      )}
      <p><button class="main" type="submit">${this.say("settings.save")}</button></p>
    </form>`;
  }

  private choice(choice: Choice): string {
    return this.say(choice === "users_choice" ? "policy.users_choice" : `sharing.${choice}`);
  }

  private list(field: ListField, policy: Policy): TemplateResult {
    return this.area(`policy.${field}`, policy[field].join("\n"), (text) => this.change({ [field]: words(text) }));
  }

  private area(key: Parameters<GmailPolicy["say"]>[0], text: string, changed: (text: string) => void): TemplateResult {
    return html`<label>
      ${this.say(key)}
      <textarea rows="2" .value=${text} @change=${(event: Event) => changed(valueOf(event))}></textarea>
    </label>`;
  }

  private line(
    key: Parameters<GmailPolicy["say"]>[0],
    text: string,
    changed: (text: string) => void,
    type: "text" | "number" | "url" = "text",
  ): TemplateResult {
    return html`<label>
      ${this.say(key)}
      <input type=${type} .value=${text} @change=${(event: Event) => changed(valueOf(event).trim())} />
    </label>`;
  }

  private tick(
    key: Parameters<GmailPolicy["say"]>[0],
    on: boolean,
    changed: (on: boolean) => void,
  ): TemplateResult {
    return html`<label class="option">
      <input
        type="checkbox"
        .checked=${on}
        @change=${(event: Event) => changed((event.target as HTMLInputElement).checked)}
      />
      ${this.say(key)}
    </label>`;
  }
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

/** `role = private` on a line each; the server refuses a choice that is none. */
function readChoices(text: string): Record<string, Choice> {
  const lines = text.split("\n").map((line) => line.split("=").map((part) => part.trim()));
  return Object.fromEntries(lines.filter(([name]) => name).map(([name, choice]) => [name, (choice ?? "") as Choice]));
}

function writeChoices(choices: Record<string, Choice>): string {
  return Object.entries(choices)
    .map(([name, choice]) => `${name} = ${choice}`)
    .join("\n");
}

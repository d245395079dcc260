// src/api.ts
var e = class extends Error {
	constructor(e, t) {
		super(t.detail ?? ""), this.status = e, this.code = t.code ?? "unreachable", this.act = t.act ?? "retry";
	}
}, t = class {
	#e;
	#t;
	constructor(e, t) {
		this.#e = e.replace(/\/$/, ""), this.#t = t;
	}
	async call(e, t, n, r = {}) {
		let i = await (await this.raw(e, t, n, r)).text();
		return i ? JSON.parse(i) : void 0;
	}
	async raw(t, n, r, i = {}, a) {
		let o = {
			...i,
			Authorization: `Bearer ${await this.#t()}`
		};
		r !== void 0 && (o["Content-Type"] = "application/json");
		let s;
		try {
			s = await fetch(this.#e + n, {
				method: t,
				headers: o,
				body: r === void 0 ? null : JSON.stringify(r),
				signal: a ?? null,
				credentials: "omit",
				referrerPolicy: "no-referrer"
			});
		} catch (t) {
			throw a?.aborted ? t : new e(0, { code: navigator.onLine ? "unreachable" : "offline" });
		}
		if (s.ok) return s;
		throw new e(s.status, await s.json().catch(() => ({})));
	}
	async mailbox() {
		try {
			return await this.call("GET", "/oauth/mailbox");
		} catch (t) {
			if (t instanceof e && t.code === "not_connected") return null;
			throw t;
		}
	}
}, n = 2e3, r = "crm-gmail", i = "crm-gmail:authorized";
function a() {
	return window.open("", "crm-gmail-consent", "popup,width=520,height=720");
}
async function o(t, n, r) {
	let i = r.returnUrl ? { return_url: r.returnUrl } : {}, a = await t.mailbox(), o;
	try {
		o = await t.call("POST", "/oauth/connections", i);
	} catch (e) {
		throw n?.close(), e;
	}
	n ? n.location.href = o.authorization_url : r.blocked(o.authorization_url);
	let s = new AbortController(), u = c(r.connector, s.signal);
	try {
		for (; !r.signal.aborted && Date.now() < Date.parse(o.expires_at);) {
			let e = await Promise.race([u, l()]);
			if (e) return await t.call("POST", "/oauth/connections/complete", { ticket: e });
			let n = await t.mailbox();
			if (n && n.status !== "needs_reconnect" && n.health.since !== a?.health.since) return n;
		}
		throw new e(0, { code: "consent_expired" });
	} finally {
		s.abort(), n?.close();
	}
}
function s() {
	let e = new URLSearchParams(location.hash.slice(1)).get("ticket");
	return history.replaceState(null, "", location.pathname + location.search), e ? (new BroadcastChannel(r).postMessage({
		type: i,
		ticket: e
	}), !0) : !1;
}
function c(e, t) {
	return new Promise((n) => {
		let a = (e, t) => {
			if (e.origin !== t || typeof e.data != "object" || e.data === null) return;
			let { type: r, ticket: a } = e.data;
			r === i && typeof a == "string" && n(a);
		};
		window.addEventListener("message", (t) => a(t, e), { signal: t });
		let o = new BroadcastChannel(r);
		o.addEventListener("message", (e) => a(e, location.origin), { signal: t }), t.addEventListener("abort", () => o.close());
	});
}
function l() {
	return new Promise((e) => setTimeout(e, n, null));
}
// node_modules/@lit/reactive-element/css-tag.js
var u = globalThis, d = u.ShadowRoot && (u.ShadyCSS === void 0 || u.ShadyCSS.nativeShadow) && "adoptedStyleSheets" in Document.prototype && "replace" in CSSStyleSheet.prototype, f = Symbol(), p = /* @__PURE__ */ new WeakMap(), ee = class {
	constructor(e, t, n) {
		if (this._$cssResult$ = !0, n !== f) throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");
		this.cssText = e, this.t = t;
	}
	get styleSheet() {
		let e = this.o, t = this.t;
		if (d && e === void 0) {
			let n = t !== void 0 && t.length === 1;
			n && (e = p.get(t)), e === void 0 && ((this.o = e = new CSSStyleSheet()).replaceSync(this.cssText), n && p.set(t, e));
		}
		return e;
	}
	toString() {
		return this.cssText;
	}
}, te = (e) => new ee(typeof e == "string" ? e : e + "", void 0, f), m = (e, ...t) => new ee(e.length === 1 ? e[0] : t.reduce((t, n, r) => t + ((e) => {
	if (!0 === e._$cssResult$) return e.cssText;
	if (typeof e == "number") return e;
	throw Error("Value passed to 'css' function must be a 'css' function result: " + e + ". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.");
})(n) + e[r + 1], e[0]), e, f), ne = (e, t) => {
	if (d) e.adoptedStyleSheets = t.map((e) => e instanceof CSSStyleSheet ? e : e.styleSheet);
	else for (let n of t) {
		let t = document.createElement("style"), r = u.litNonce;
		r !== void 0 && t.setAttribute("nonce", r), t.textContent = n.cssText, e.appendChild(t);
	}
}, h = d ? (e) => e : (e) => e instanceof CSSStyleSheet ? ((e) => {
	let t = "";
	for (let n of e.cssRules) t += n.cssText;
	return te(t);
})(e) : e, { is: re, defineProperty: ie, getOwnPropertyDescriptor: ae, getOwnPropertyNames: oe, getOwnPropertySymbols: se, getPrototypeOf: ce } = Object, g = globalThis, le = g.trustedTypes, ue = le ? le.emptyScript : "", de = g.reactiveElementPolyfillSupport, _ = (e, t) => e, v = {
	toAttribute(e, t) {
		switch (t) {
			case Boolean:
				e = e ? ue : null;
				break;
			case Object:
			case Array: e = e == null ? e : JSON.stringify(e);
		}
		return e;
	},
	fromAttribute(e, t) {
		let n = e;
		switch (t) {
			case Boolean:
				n = e !== null;
				break;
			case Number:
				n = e === null ? null : Number(e);
				break;
			case Object:
			case Array: try {
				n = JSON.parse(e);
			} catch {
				n = null;
			}
		}
		return n;
	}
}, y = (e, t) => !re(e, t), fe = {
	attribute: !0,
	type: String,
	converter: v,
	reflect: !1,
	useDefault: !1,
	hasChanged: y
};
Symbol.metadata ??= Symbol("metadata"), g.litPropertyMetadata ??= /* @__PURE__ */ new WeakMap();
var b = class extends HTMLElement {
	static addInitializer(e) {
		this._$Ei(), (this.l ??= []).push(e);
	}
	static get observedAttributes() {
		return this.finalize(), this._$Eh && [...this._$Eh.keys()];
	}
	static createProperty(e, t = fe) {
		if (t.state && (t.attribute = !1), this._$Ei(), this.prototype.hasOwnProperty(e) && ((t = Object.create(t)).wrapped = !0), this.elementProperties.set(e, t), !t.noAccessor) {
			let n = Symbol(), r = this.getPropertyDescriptor(e, n, t);
			r !== void 0 && ie(this.prototype, e, r);
		}
	}
	static getPropertyDescriptor(e, t, n) {
		let { get: r, set: i } = ae(this.prototype, e) ?? {
			get() {
				return this[t];
			},
			set(e) {
				this[t] = e;
			}
		};
		return {
			get: r,
			set(t) {
				let a = r?.call(this);
				i?.call(this, t), this.requestUpdate(e, a, n);
			},
			configurable: !0,
			enumerable: !0
		};
	}
	static getPropertyOptions(e) {
		return this.elementProperties.get(e) ?? fe;
	}
	static _$Ei() {
		if (this.hasOwnProperty(_("elementProperties"))) return;
		let e = ce(this);
		e.finalize(), e.l !== void 0 && (this.l = [...e.l]), this.elementProperties = new Map(e.elementProperties);
	}
	static finalize() {
		if (this.hasOwnProperty(_("finalized"))) return;
		if (this.finalized = !0, this._$Ei(), this.hasOwnProperty(_("properties"))) {
			let e = this.properties, t = [...oe(e), ...se(e)];
			for (let n of t) this.createProperty(n, e[n]);
		}
		let e = this[Symbol.metadata];
		if (e !== null) {
			let t = litPropertyMetadata.get(e);
			if (t !== void 0) for (let [e, n] of t) this.elementProperties.set(e, n);
		}
		this._$Eh = /* @__PURE__ */ new Map();
		for (let [e, t] of this.elementProperties) {
			let n = this._$Eu(e, t);
			n !== void 0 && this._$Eh.set(n, e);
		}
		this.elementStyles = this.finalizeStyles(this.styles);
	}
	static finalizeStyles(e) {
		let t = [];
		if (Array.isArray(e)) {
			let n = new Set(e.flat(1 / 0).reverse());
			for (let e of n) t.unshift(h(e));
		} else e !== void 0 && t.push(h(e));
		return t;
	}
	static _$Eu(e, t) {
		let n = t.attribute;
		return !1 === n ? void 0 : typeof n == "string" ? n : typeof e == "string" ? e.toLowerCase() : void 0;
	}
	constructor() {
		super(), this._$Ep = void 0, this.isUpdatePending = !1, this.hasUpdated = !1, this._$Em = null, this._$Ev();
	}
	_$Ev() {
		this._$ES = new Promise((e) => this.enableUpdating = e), this._$AL = /* @__PURE__ */ new Map(), this._$E_(), this.requestUpdate(), this.constructor.l?.forEach((e) => e(this));
	}
	addController(e) {
		(this._$EO ??= /* @__PURE__ */ new Set()).add(e), this.renderRoot !== void 0 && this.isConnected && e.hostConnected?.();
	}
	removeController(e) {
		this._$EO?.delete(e);
	}
	_$E_() {
		let e = /* @__PURE__ */ new Map(), t = this.constructor.elementProperties;
		for (let n of t.keys()) this.hasOwnProperty(n) && (e.set(n, this[n]), delete this[n]);
		e.size > 0 && (this._$Ep = e);
	}
	createRenderRoot() {
		let e = this.shadowRoot ?? this.attachShadow(this.constructor.shadowRootOptions);
		return ne(e, this.constructor.elementStyles), e;
	}
	connectedCallback() {
		this.renderRoot ??= this.createRenderRoot(), this.enableUpdating(!0), this._$EO?.forEach((e) => e.hostConnected?.());
	}
	enableUpdating(e) {}
	disconnectedCallback() {
		this._$EO?.forEach((e) => e.hostDisconnected?.());
	}
	attributeChangedCallback(e, t, n) {
		this._$AK(e, n);
	}
	_$ET(e, t) {
		let n = this.constructor.elementProperties.get(e), r = this.constructor._$Eu(e, n);
		if (r !== void 0 && !0 === n.reflect) {
			let i = (n.converter?.toAttribute === void 0 ? v : n.converter).toAttribute(t, n.type);
			this._$Em = e, i == null ? this.removeAttribute(r) : this.setAttribute(r, i), this._$Em = null;
		}
	}
	_$AK(e, t) {
		let n = this.constructor, r = n._$Eh.get(e);
		if (r !== void 0 && this._$Em !== r) {
			let e = n.getPropertyOptions(r), i = typeof e.converter == "function" ? { fromAttribute: e.converter } : e.converter?.fromAttribute === void 0 ? v : e.converter;
			this._$Em = r;
			let a = i.fromAttribute(t, e.type);
			this[r] = a ?? this._$Ej?.get(r) ?? a, this._$Em = null;
		}
	}
	requestUpdate(e, t, n, r = !1, i) {
		if (e !== void 0) {
			let a = this.constructor;
			if (!1 === r && (i = this[e]), n ??= a.getPropertyOptions(e), !((n.hasChanged ?? y)(i, t) || n.useDefault && n.reflect && i === this._$Ej?.get(e) && !this.hasAttribute(a._$Eu(e, n)))) return;
			this.C(e, t, n);
		}
		!1 === this.isUpdatePending && (this._$ES = this._$EP());
	}
	C(e, t, { useDefault: n, reflect: r, wrapped: i }, a) {
		n && !(this._$Ej ??= /* @__PURE__ */ new Map()).has(e) && (this._$Ej.set(e, a ?? t ?? this[e]), !0 !== i || a !== void 0) || (this._$AL.has(e) || (this.hasUpdated || n || (t = void 0), this._$AL.set(e, t)), !0 === r && this._$Em !== e && (this._$Eq ??= /* @__PURE__ */ new Set()).add(e));
	}
	async _$EP() {
		this.isUpdatePending = !0;
		try {
			await this._$ES;
		} catch (e) {
			Promise.reject(e);
		}
		let e = this.scheduleUpdate();
		return e != null && await e, !this.isUpdatePending;
	}
	scheduleUpdate() {
		return this.performUpdate();
	}
	performUpdate() {
		if (!this.isUpdatePending) return;
		if (!this.hasUpdated) {
			if (this.renderRoot ??= this.createRenderRoot(), this._$Ep) {
				for (let [e, t] of this._$Ep) this[e] = t;
				this._$Ep = void 0;
			}
			let e = this.constructor.elementProperties;
			if (e.size > 0) for (let [t, n] of e) {
				let { wrapped: e } = n, r = this[t];
				!0 !== e || this._$AL.has(t) || r === void 0 || this.C(t, void 0, n, r);
			}
		}
		let e = !1, t = this._$AL;
		try {
			e = this.shouldUpdate(t), e ? (this.willUpdate(t), this._$EO?.forEach((e) => e.hostUpdate?.()), this.update(t)) : this._$EM();
		} catch (t) {
			throw e = !1, this._$EM(), t;
		}
		e && this._$AE(t);
	}
	willUpdate(e) {}
	_$AE(e) {
		this._$EO?.forEach((e) => e.hostUpdated?.()), this.hasUpdated || (this.hasUpdated = !0, this.firstUpdated(e)), this.updated(e);
	}
	_$EM() {
		this._$AL = /* @__PURE__ */ new Map(), this.isUpdatePending = !1;
	}
	get updateComplete() {
		return this.getUpdateComplete();
	}
	getUpdateComplete() {
		return this._$ES;
	}
	shouldUpdate(e) {
		return !0;
	}
	update(e) {
		this._$Eq &&= this._$Eq.forEach((e) => this._$ET(e, this[e])), this._$EM();
	}
	updated(e) {}
	firstUpdated(e) {}
};
b.elementStyles = [], b.shadowRootOptions = { mode: "open" }, b[_("elementProperties")] = /* @__PURE__ */ new Map(), b[_("finalized")] = /* @__PURE__ */ new Map(), de?.({ ReactiveElement: b }), (g.reactiveElementVersions ??= []).push("2.1.2");
// node_modules/lit-html/lit-html.js
var x = globalThis, pe = (e) => e, S = x.trustedTypes, me = S ? S.createPolicy("lit-html", { createHTML: (e) => e }) : void 0, he = "$lit$", C = `lit$${Math.random().toFixed(9).slice(2)}$`, w = "?" + C, ge = `<${w}>`, T = document, E = () => T.createComment(""), D = (e) => e === null || typeof e != "object" && typeof e != "function", O = Array.isArray, _e = (e) => O(e) || typeof e?.[Symbol.iterator] == "function", k = "[ 	\n\f\r]", A = /<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g, ve = /-->/g, j = />/g, M = RegExp(`>|${k}(?:([^\\s"'>=/]+)(${k}*=${k}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`, "g"), ye = /'/g, N = /"/g, P = /^(?:script|style|textarea|title)$/i, F = ((e) => (t, ...n) => ({
	_$litType$: e,
	strings: t,
	values: n
}))(1), I = Symbol.for("lit-noChange"), L = Symbol.for("lit-nothing"), R = /* @__PURE__ */ new WeakMap(), z = T.createTreeWalker(T, 129);
function B(e, t) {
	if (!O(e) || !e.hasOwnProperty("raw")) throw Error("invalid template strings array");
	return me === void 0 ? t : me.createHTML(t);
}
var be = (e, t) => {
	let n = e.length - 1, r = [], i, a = t === 2 ? "<svg>" : t === 3 ? "<math>" : "", o = A;
	for (let t = 0; t < n; t++) {
		let n = e[t], s, c, l = -1, u = 0;
		for (; u < n.length && (o.lastIndex = u, c = o.exec(n), c !== null);) u = o.lastIndex, o === A ? c[1] === "!--" ? o = ve : c[1] === void 0 ? c[2] === void 0 ? c[3] !== void 0 && (o = M) : (P.test(c[2]) && (i = RegExp("</" + c[2], "g")), o = M) : o = j : o === M ? c[0] === ">" ? (o = i ?? A, l = -1) : c[1] === void 0 ? l = -2 : (l = o.lastIndex - c[2].length, s = c[1], o = c[3] === void 0 ? M : c[3] === "\"" ? N : ye) : o === N || o === ye ? o = M : o === ve || o === j ? o = A : (o = M, i = void 0);
		let d = o === M && e[t + 1].startsWith("/>") ? " " : "";
		a += o === A ? n + ge : l >= 0 ? (r.push(s), n.slice(0, l) + he + n.slice(l) + C + d) : n + C + (l === -2 ? t : d);
	}
	return [B(e, a + (e[n] || "<?>") + (t === 2 ? "</svg>" : t === 3 ? "</math>" : "")), r];
}, V = class e {
	constructor({ strings: t, _$litType$: n }, r) {
		let i;
		this.parts = [];
		let a = 0, o = 0, s = t.length - 1, c = this.parts, [l, u] = be(t, n);
		if (this.el = e.createElement(l, r), z.currentNode = this.el.content, n === 2 || n === 3) {
			let e = this.el.content.firstChild;
			e.replaceWith(...e.childNodes);
		}
		for (; (i = z.nextNode()) !== null && c.length < s;) {
			if (i.nodeType === 1) {
				if (i.hasAttributes()) for (let e of i.getAttributeNames()) if (e.endsWith(he)) {
					let t = u[o++], n = i.getAttribute(e).split(C), r = /([.?@])?(.*)/.exec(t);
					c.push({
						type: 1,
						index: a,
						name: r[2],
						strings: n,
						ctor: r[1] === "." ? Se : r[1] === "?" ? Ce : r[1] === "@" ? we : W
					}), i.removeAttribute(e);
				} else e.startsWith(C) && (c.push({
					type: 6,
					index: a
				}), i.removeAttribute(e));
				if (P.test(i.tagName)) {
					let e = i.textContent.split(C), t = e.length - 1;
					if (t > 0) {
						i.textContent = S ? S.emptyScript : "";
						for (let n = 0; n < t; n++) i.append(e[n], E()), z.nextNode(), c.push({
							type: 2,
							index: ++a
						});
						i.append(e[t], E());
					}
				}
			} else if (i.nodeType === 8) {
				if (i.data === w) c.push({
					type: 2,
					index: a
				});
				else {
					let e = -1;
					for (; (e = i.data.indexOf(C, e + 1)) !== -1;) c.push({
						type: 7,
						index: a
					}), e += C.length - 1;
				}
			}
			a++;
		}
	}
	static createElement(e, t) {
		let n = T.createElement("template");
		return n.innerHTML = e, n;
	}
};
function H(e, t, n = e, r) {
	if (t === I) return t;
	let i = r === void 0 ? n._$Cl : n._$Co?.[r], a = D(t) ? void 0 : t._$litDirective$;
	return i?.constructor !== a && (i?._$AO?.(!1), a === void 0 ? i = void 0 : (i = new a(e), i._$AT(e, n, r)), r === void 0 ? n._$Cl = i : (n._$Co ??= [])[r] = i), i !== void 0 && (t = H(e, i._$AS(e, t.values), i, r)), t;
}
var xe = class {
	constructor(e, t) {
		this._$AV = [], this._$AN = void 0, this._$AD = e, this._$AM = t;
	}
	get parentNode() {
		return this._$AM.parentNode;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	u(e) {
		let { el: { content: t }, parts: n } = this._$AD, r = (e?.creationScope ?? T).importNode(t, !0);
		z.currentNode = r;
		let i = z.nextNode(), a = 0, o = 0, s = n[0];
		for (; s !== void 0;) {
			if (a === s.index) {
				let t;
				s.type === 2 ? t = new U(i, i.nextSibling, this, e) : s.type === 1 ? t = new s.ctor(i, s.name, s.strings, this, e) : s.type === 6 && (t = new Te(i, this, e)), this._$AV.push(t), s = n[++o];
			}
			a !== s?.index && (i = z.nextNode(), a++);
		}
		return z.currentNode = T, r;
	}
	p(e) {
		let t = 0;
		for (let n of this._$AV) n !== void 0 && (n.strings === void 0 ? n._$AI(e[t]) : (n._$AI(e, n, t), t += n.strings.length - 2)), t++;
	}
}, U = class e {
	get _$AU() {
		return this._$AM?._$AU ?? this._$Cv;
	}
	constructor(e, t, n, r) {
		this.type = 2, this._$AH = L, this._$AN = void 0, this._$AA = e, this._$AB = t, this._$AM = n, this.options = r, this._$Cv = r?.isConnected ?? !0;
	}
	get parentNode() {
		let e = this._$AA.parentNode, t = this._$AM;
		return t !== void 0 && e?.nodeType === 11 && (e = t.parentNode), e;
	}
	get startNode() {
		return this._$AA;
	}
	get endNode() {
		return this._$AB;
	}
	_$AI(e, t = this) {
		e = H(this, e, t), D(e) ? e === L || e == null || e === "" ? (this._$AH !== L && this._$AR(), this._$AH = L) : e !== this._$AH && e !== I && this._(e) : e._$litType$ === void 0 ? e.nodeType === void 0 ? _e(e) ? this.k(e) : this._(e) : this.T(e) : this.$(e);
	}
	O(e) {
		return this._$AA.parentNode.insertBefore(e, this._$AB);
	}
	T(e) {
		this._$AH !== e && (this._$AR(), this._$AH = this.O(e));
	}
	_(e) {
		this._$AH !== L && D(this._$AH) ? this._$AA.nextSibling.data = e : this.T(T.createTextNode(e)), this._$AH = e;
	}
	$(e) {
		let { values: t, _$litType$: n } = e, r = typeof n == "number" ? this._$AC(e) : (n.el === void 0 && (n.el = V.createElement(B(n.h, n.h[0]), this.options)), n);
		if (this._$AH?._$AD === r) this._$AH.p(t);
		else {
			let e = new xe(r, this), n = e.u(this.options);
			e.p(t), this.T(n), this._$AH = e;
		}
	}
	_$AC(e) {
		let t = R.get(e.strings);
		return t === void 0 && R.set(e.strings, t = new V(e)), t;
	}
	k(t) {
		O(this._$AH) || (this._$AH = [], this._$AR());
		let n = this._$AH, r, i = 0;
		for (let a of t) i === n.length ? n.push(r = new e(this.O(E()), this.O(E()), this, this.options)) : r = n[i], r._$AI(a), i++;
		i < n.length && (this._$AR(r && r._$AB.nextSibling, i), n.length = i);
	}
	_$AR(e = this._$AA.nextSibling, t) {
		for (this._$AP?.(!1, !0, t); e !== this._$AB;) {
			let t = pe(e).nextSibling;
			pe(e).remove(), e = t;
		}
	}
	setConnected(e) {
		this._$AM === void 0 && (this._$Cv = e, this._$AP?.(e));
	}
}, W = class {
	get tagName() {
		return this.element.tagName;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	constructor(e, t, n, r, i) {
		this.type = 1, this._$AH = L, this._$AN = void 0, this.element = e, this.name = t, this._$AM = r, this.options = i, n.length > 2 || n[0] !== "" || n[1] !== "" ? (this._$AH = Array(n.length - 1).fill(/* @__PURE__ */ new String()), this.strings = n) : this._$AH = L;
	}
	_$AI(e, t = this, n, r) {
		let i = this.strings, a = !1;
		if (i === void 0) e = H(this, e, t, 0), a = !D(e) || e !== this._$AH && e !== I, a && (this._$AH = e);
		else {
			let r = e, o, s;
			for (e = i[0], o = 0; o < i.length - 1; o++) s = H(this, r[n + o], t, o), s === I && (s = this._$AH[o]), a ||= !D(s) || s !== this._$AH[o], s === L ? e = L : e !== L && (e += (s ?? "") + i[o + 1]), this._$AH[o] = s;
		}
		a && !r && this.j(e);
	}
	j(e) {
		e === L ? this.element.removeAttribute(this.name) : this.element.setAttribute(this.name, e ?? "");
	}
}, Se = class extends W {
	constructor() {
		super(...arguments), this.type = 3;
	}
	j(e) {
		this.element[this.name] = e === L ? void 0 : e;
	}
}, Ce = class extends W {
	constructor() {
		super(...arguments), this.type = 4;
	}
	j(e) {
		this.element.toggleAttribute(this.name, !!e && e !== L);
	}
}, we = class extends W {
	constructor(e, t, n, r, i) {
		super(e, t, n, r, i), this.type = 5;
	}
	_$AI(e, t = this) {
		if ((e = H(this, e, t, 0) ?? L) === I) return;
		let n = this._$AH, r = e === L && n !== L || e.capture !== n.capture || e.once !== n.once || e.passive !== n.passive, i = e !== L && (n === L || r);
		r && this.element.removeEventListener(this.name, this, n), i && this.element.addEventListener(this.name, this, e), this._$AH = e;
	}
	handleEvent(e) {
		typeof this._$AH == "function" ? this._$AH.call(this.options?.host ?? this.element, e) : this._$AH.handleEvent(e);
	}
}, Te = class {
	constructor(e, t, n) {
		this.element = e, this.type = 6, this._$AN = void 0, this._$AM = t, this.options = n;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	_$AI(e) {
		H(this, e);
	}
}, Ee = x.litHtmlPolyfillSupport;
Ee?.(V, U), (x.litHtmlVersions ??= []).push("3.3.3");
var De = (e, t, n) => {
	let r = n?.renderBefore ?? t, i = r._$litPart$;
	if (i === void 0) {
		let e = n?.renderBefore ?? null;
		r._$litPart$ = i = new U(t.insertBefore(E(), e), e, void 0, n ?? {});
	}
	return i._$AI(e), i;
}, G = globalThis, K = class extends b {
	constructor() {
		super(...arguments), this.renderOptions = { host: this }, this._$Do = void 0;
	}
	createRenderRoot() {
		let e = super.createRenderRoot();
		return this.renderOptions.renderBefore ??= e.firstChild, e;
	}
	update(e) {
		let t = this.render();
		this.hasUpdated || (this.renderOptions.isConnected = this.isConnected), super.update(e), this._$Do = De(t, this.renderRoot, this.renderOptions);
	}
	connectedCallback() {
		super.connectedCallback(), this._$Do?.setConnected(!0);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this._$Do?.setConnected(!1);
	}
	render() {
		return I;
	}
};
K._$litElement$ = !0, K.finalized = !0, G.litElementHydrateSupport?.({ LitElement: K });
var Oe = G.litElementPolyfillSupport;
Oe?.({ LitElement: K }), (G.litElementVersions ??= []).push("4.2.2");
// node_modules/@lit/reactive-element/decorators/custom-element.js
var ke = (e) => (t, n) => {
	n === void 0 ? customElements.define(e, t) : n.addInitializer(() => {
		customElements.define(e, t);
	});
}, Ae = {
	attribute: !0,
	type: String,
	converter: v,
	reflect: !1,
	hasChanged: y
}, je = (e = Ae, t, n) => {
	let { kind: r, metadata: i } = n, a = globalThis.litPropertyMetadata.get(i);
	if (a === void 0 && globalThis.litPropertyMetadata.set(i, a = /* @__PURE__ */ new Map()), r === "setter" && ((e = Object.create(e)).wrapped = !0), a.set(n.name, e), r === "accessor") {
		let { name: r } = n;
		return {
			set(n) {
				let i = t.get.call(this);
				t.set.call(this, n), this.requestUpdate(r, i, e, !0, n);
			},
			init(t) {
				return t !== void 0 && this.C(r, void 0, e, t), t;
			}
		};
	}
	if (r === "setter") {
		let { name: r } = n;
		return function(n) {
			let i = this[r];
			t.call(this, n), this.requestUpdate(r, i, e, !0, n);
		};
	}
	throw Error("Unsupported decorator location: " + r);
};
function q(e) {
	return (t, n) => typeof n == "object" ? je(e, t, n) : ((e, t, n) => {
		let r = t.hasOwnProperty(n);
		return t.constructor.createProperty(n, e), r ? Object.getOwnPropertyDescriptor(t, n) : void 0;
	})(e, t, n);
}
// node_modules/@lit/reactive-element/decorators/state.js
function J(e) {
	return q({
		...e,
		state: !0,
		attribute: !1
	});
}
// src/formats.ts
var Me = class {
	#e;
	constructor(e) {
		this.#e = e;
	}
	moment(e, t = /* @__PURE__ */ new Date()) {
		let n = new Date(e), r = n.toDateString() === t.toDateString() ? { timeStyle: "short" } : {
			dateStyle: "medium",
			timeStyle: "short"
		};
		return new Intl.DateTimeFormat(this.#e, r).format(n);
	}
	day(e) {
		return new Intl.DateTimeFormat(this.#e, {
			dateStyle: "medium",
			timeZone: "UTC"
		}).format(new Date(e));
	}
	number(e) {
		return new Intl.NumberFormat(this.#e).format(e);
	}
	size(e) {
		let t = [
			"byte",
			"kilobyte",
			"megabyte",
			"gigabyte"
		], n = Math.min(t.length - 1, e < 1 ? 0 : Math.floor(Math.log10(e) / 3)), r = {
			style: "unit",
			unit: t[n] ?? "byte",
			maximumFractionDigits: n === 0 ? 0 : 1
		};
		return new Intl.NumberFormat(this.#e, r).format(e / 1e3 ** n);
	}
}, Ne = {
	"act.user": "You can put this right.",
	"act.admin": "Your administrator can put this right.",
	"act.operator": "The operator of this system must act.",
	"act.retry": "Trying again later may help.",
	"problem.offline": "You are offline. What you see may be old.",
	"problem.unreachable": "The mail service does not answer. Trying again later may help.",
	"problem.no_token": "This page has not said who you are.",
	"problem.unknown": "Something went wrong on this page.",
	"list.loading": "Loading …",
	"list.more": "Show more",
	"notices.title": "Notices",
	"notices.unread": "{n} unread",
	"notices.none": "No customer has written yet.",
	"notices.mark_read": "Mark as read",
	"notices.mark_read_of": "Mark the notice of {who} as read",
	"settings.account": "Gmail account",
	"settings.none": "No Gmail account is connected.",
	"settings.connected_to": "Connected to",
	"settings.connected_now": "Gmail is connected.",
	"settings.authenticate": "Authenticate",
	"settings.reconnect": "Connect again",
	"settings.waiting": "Waiting for your consent in the other window …",
	"settings.expired": "No consent came within ten minutes. Press Authenticate again.",
	"settings.blocked": "Your browser did not open the window.",
	"settings.open_by_hand": "Open Google's consent page",
	"settings.pause": "Pause",
	"settings.resume": "Resume",
	"settings.paused_now": "Paused. Nothing is lost; nothing is read or labelled.",
	"settings.resumed_now": "Working again.",
	"settings.disconnect": "Disconnect …",
	"settings.farewell": "Google's consent is revoked and everything held about your mailbox is erased. What about our labels in Gmail?",
	"settings.leave_keep": "Disconnect, keep the labels",
	"settings.leave_remove": "Disconnect, remove them and put the mail back",
	"settings.sharing": "Who may see your mail",
	"settings.fixed_by_admin": "Your administrator has fixed this.",
	"settings.features": "Features",
	"settings.never_shared": "Addresses and domains that are never shared",
	"settings.save": "Save",
	"settings.saved": "Saved.",
	"status.connected": "working",
	"status.paused": "paused",
	"status.needs_reconnect": "needs you",
	"status.connecting": "connecting",
	"sharing.private": "Private",
	"sharing.private_means": "Nobody but you.",
	"sharing.custom": "Custom",
	"sharing.custom_means": "Colleagues see the mail with contacts that you share.",
	"sharing.public": "Public",
	"sharing.public_means": "Colleagues see the mail with every contact whose record they may see.",
	"sharing.newly": "{colleagues} {colleagues|colleague|colleagues} will newly see mail of {contacts} {contacts|contact|contacts}.",
	"sharing.no_longer": "{colleagues} {colleagues|colleague|colleagues} will no longer see mail of {contacts} {contacts|contact|contacts}.",
	"sharing.no_change": "Nobody sees more or less by this.",
	"feature.mailmagnet": "MailMagnet",
	"feature.mailmagnet_means": "Tells you when a contact or lead writes. Keeps the message id, the sender and the time; nothing else.",
	"feature.labels": "Label your email in Mailbox",
	"feature.labels_means": "Every 10 minutes, mail from contacts moves from the Inbox under one of three Gmail labels, by their deals.",
	"feature.needs_mailmagnet": "Turn MailMagnet on first.",
	"labels.preview": "What would leave the Inbox?",
	"labels.would_leave": "{n} {n|message|messages} would leave the Inbox.",
	"labels.backfill": "Sorting the mail that is there: {done} of {total}",
	"held.title": "What is held about you",
	"held.means": "Settings, notices and the fact of Google's consent. No mail.",
	"held.export": "Export as a file",
	"receipt.title": "Disconnected",
	"receipt.watch": "Gmail's notices stopped",
	"receipt.revoked": "Consent revoked at Google",
	"receipt.erased": "Records erased",
	"receipt.inbox": "Mails put back into the Inbox",
	"receipt.yes": "yes",
	"receipt.no": "no"
}, Pe = {
	en: Ne,
	fr: {
		"act.user": "Vous pouvez y remédier.",
		"act.admin": "Votre administrateur peut y remédier.",
		"act.operator": "L'exploitant de ce système doit intervenir.",
		"act.retry": "Réessayer plus tard peut aider.",
		"problem.offline": "Vous êtes hors ligne. Ce que vous voyez peut être ancien.",
		"problem.unreachable": "Le service de messagerie ne répond pas. Réessayer plus tard peut aider.",
		"problem.no_token": "Cette page n'a pas dit qui vous êtes.",
		"problem.unknown": "Une erreur s'est produite sur cette page.",
		"list.loading": "Chargement …",
		"list.more": "Afficher plus",
		"notices.title": "Avis",
		"notices.unread": "{n} {n|non lu|non lus}",
		"notices.none": "Aucun client n'a encore écrit.",
		"notices.mark_read": "Marquer comme lu",
		"notices.mark_read_of": "Marquer l'avis de {who} comme lu",
		"settings.account": "Compte Gmail",
		"settings.none": "Aucun compte Gmail n'est connecté.",
		"settings.connected_to": "Connecté à",
		"settings.connected_now": "Gmail est connecté.",
		"settings.authenticate": "S'authentifier",
		"settings.reconnect": "Se reconnecter",
		"settings.waiting": "En attente de votre accord dans l'autre fenêtre …",
		"settings.expired": "Aucun accord n'est arrivé en dix minutes. Appuyez de nouveau sur S'authentifier.",
		"settings.blocked": "Votre navigateur n'a pas ouvert la fenêtre.",
		"settings.open_by_hand": "Ouvrir la page d'accord de Google",
		"settings.pause": "Suspendre",
		"settings.resume": "Reprendre",
		"settings.paused_now": "Suspendu. Rien n'est perdu ; rien n'est lu ni étiqueté.",
		"settings.resumed_now": "De nouveau en marche.",
		"settings.disconnect": "Déconnecter …",
		"settings.farewell": "L'accord de Google est révoqué et tout ce qui est conservé sur votre boîte est effacé. Que faire de nos libellés dans Gmail ?",
		"settings.leave_keep": "Déconnecter, garder les libellés",
		"settings.leave_remove": "Déconnecter, les retirer et remettre les messages",
		"settings.sharing": "Qui peut voir vos messages",
		"settings.fixed_by_admin": "Votre administrateur a fixé ce choix.",
		"settings.features": "Fonctions",
		"settings.never_shared": "Adresses et domaines jamais partagés",
		"settings.save": "Enregistrer",
		"settings.saved": "Enregistré.",
		"status.connected": "en marche",
		"status.paused": "suspendu",
		"status.needs_reconnect": "à reconnecter",
		"status.connecting": "connexion",
		"sharing.private": "Privé",
		"sharing.private_means": "Personne d'autre que vous.",
		"sharing.custom": "Personnalisé",
		"sharing.custom_means": "Vos collègues voient les messages échangés avec les contacts que vous partagez.",
		"sharing.public": "Public",
		"sharing.public_means": "Vos collègues voient les messages échangés avec chaque contact dont ils peuvent voir la fiche.",
		"sharing.newly": "{colleagues} {colleagues|collègue verra|collègues verront} désormais les messages de {contacts} {contacts|contact|contacts}.",
		"sharing.no_longer": "{colleagues} {colleagues|collègue ne verra|collègues ne verront} plus les messages de {contacts} {contacts|contact|contacts}.",
		"sharing.no_change": "Personne ne verra plus ni moins.",
		"feature.mailmagnet": "MailMagnet",
		"feature.mailmagnet_means": "Vous avertit quand un contact ou un prospect écrit. Conserve l'identifiant du message, l'expéditeur et l'heure ; rien d'autre.",
		"feature.labels": "Étiqueter vos messages dans la boîte",
		"feature.labels_means": "Toutes les 10 minutes, les messages des contacts passent de la boîte de réception sous l'un des trois libellés Gmail, selon leurs affaires.",
		"feature.needs_mailmagnet": "Activez d'abord MailMagnet.",
		"labels.preview": "Qu'est-ce qui quitterait la boîte de réception ?",
		"labels.would_leave": "{n} {n|message quitterait|messages quitteraient} la boîte de réception.",
		"labels.backfill": "Tri des messages présents : {done} sur {total}",
		"held.title": "Ce qui est conservé sur vous",
		"held.means": "Les réglages, les avis et l'existence de l'accord de Google. Aucun message.",
		"held.export": "Exporter dans un fichier",
		"receipt.title": "Déconnecté",
		"receipt.watch": "Notifications de Gmail arrêtées",
		"receipt.revoked": "Accord révoqué chez Google",
		"receipt.erased": "Enregistrements effacés",
		"receipt.inbox": "Messages remis dans la boîte de réception",
		"receipt.yes": "oui",
		"receipt.no": "non"
	}
};
function Fe(e, t, n = {}) {
	return (Pe[e.toLowerCase().split("-")[0] ?? "en"] ?? Ne)[t].replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (t, r, i, a) => {
		let o = n[r] ?? "";
		return i === void 0 || a === void 0 ? String(o) : new Intl.PluralRules(e).select(Number(o)) === "one" ? i : a;
	});
}
// \0@oxc-project+runtime@0.156.0/helpers/esm/decorate.js
function Y(e, t, n, r) {
	var i = arguments.length, a = i < 3 ? t : r === null ? r = Object.getOwnPropertyDescriptor(t, n) : r, o;
	if (typeof Reflect == "object" && typeof Reflect.decorate == "function") a = Reflect.decorate(e, t, n, r);
	else for (var s = e.length - 1; s >= 0; s--) (o = e[s]) && (a = (i < 3 ? o(a) : i > 3 ? o(t, n, a) : o(t, n)) || a);
	return i > 3 && a && Object.defineProperty(t, n, a), a;
}
// src/element.ts
var X = () => Promise.reject(new e(0, { code: "no_token" })), Z = class extends K {
	constructor(...e) {
		super(...e), this.endpoint = "", this.token = X, this.api = new t("", X);
	}
	willUpdate(e) {
		(e.has("endpoint") || e.has("token")) && (this.api = new t(this.endpoint, this.token), this.token !== X && this.load());
	}
	get language() {
		return this.closest("[lang]")?.getAttribute("lang") || navigator.language || "en";
	}
	say(e, t = {}) {
		return Fe(this.language, e, t);
	}
	get formats() {
		return new Me(this.language);
	}
	explain(t) {
		if (!(t instanceof e)) return this.say("problem.unknown");
		if (t.code === "offline" || t.code === "unreachable" || t.code === "no_token") return this.say(`problem.${t.code}`);
		let n = this.say(`act.${t.act}`);
		return t.message ? `${t.message} ${n}` : n;
	}
};
Y([q()], Z.prototype, "endpoint", void 0), Y([q({ attribute: !1 })], Z.prototype, "token", void 0);
// src/live.ts
async function* Ie(e, t, n, r) {
	let i = { Accept: "text/event-stream" };
	n && (i["Last-Event-ID"] = n);
	let a = (await e.raw("GET", t, void 0, i, r)).body?.pipeThrough(new TextDecoderStream()).getReader();
	if (!a) return;
	let o = "";
	for (;;) {
		let { value: e, done: t } = await a.read();
		if (t) return;
		let n = (o + e).split(/\r?\n\r?\n/);
		o = n.pop() ?? "";
		for (let e of n) {
			let t = Le(e);
			t && (yield t);
		}
	}
}
function Le(e) {
	let t = {
		id: "",
		event: "message",
		data: ""
	}, n = [];
	for (let r of e.split(/\r?\n/)) {
		let [e, i] = Re(r);
		e === "id" ? t.id = i : e === "event" ? t.event = i : e === "data" && n.push(i);
	}
	return t.data = n.join("\n"), n.length > 0 ? t : null;
}
function Re(e) {
	let t = e.indexOf(":");
	return t < 0 ? [e, ""] : [e.slice(0, t), e.slice(t + 1).replace(/^ /, "")];
}
// src/style.ts
var ze = m`
  :host {
    --_ink: var(--gmail-ink, light-dark(#1f2523, #e7ebe9));
    --_quiet: var(--gmail-quiet, light-dark(#5b6663, #a3adaa));
    --_paper: var(--gmail-paper, light-dark(#ffffff, #1c211f));
    --_ground: var(--gmail-ground, light-dark(#f7f6f2, #141816));
    --_line: var(--gmail-line, light-dark(#d9dcda, #39413e));
    --_main: var(--gmail-main, light-dark(#2f5d62, #7cc0c4));
    --_on-main: var(--gmail-on-main, light-dark(#ffffff, #0e1b1c));
    --_wrong: var(--gmail-wrong, light-dark(#a1271f, #ff9d94));
    --_gap: var(--gmail-gap, 1rem);
    --_radius: var(--gmail-radius, 0.6rem);
    display: block;
    color: var(--_ink);
    font: var(--gmail-font, 1rem/1.5 system-ui, sans-serif);
  }
  :host([density="compact"]) {
    --_gap: var(--gmail-gap, 0.6rem);
  }
  [hidden] {
    display: none !important;
  }
  *,
  *::before {
    box-sizing: border-box;
  }
  h2,
  h3 {
    font-size: 1.05em;
    margin: 0 0 calc(var(--_gap) / 2);
  }
  p {
    margin: 0 0 calc(var(--_gap) / 2);
  }
  .card {
    background: var(--_paper);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    padding: var(--_gap);
    margin-block-end: var(--_gap);
  }
  .quiet {
    color: var(--_quiet);
    font-size: 0.9em;
  }
  .wrong {
    color: var(--_wrong);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: calc(var(--_gap) / 2);
    align-items: center;
  }
  button,
  select,
  input,
  textarea {
    font: inherit;
    color: inherit;
  }
  button {
    background: var(--_paper);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    padding: 0.4em 0.9em;
    cursor: pointer;
    font-weight: 600;
  }
  button.main {
    background: var(--_main);
    border-color: var(--_main);
    color: var(--_on-main);
  }
  button.plain {
    border: 0;
    background: none;
    padding: 0;
    color: var(--_main);
    text-decoration: underline;
    font-weight: inherit;
  }
  button:disabled {
    opacity: 0.55;
    cursor: default;
  }
  :focus-visible {
    outline: 3px solid var(--_main);
    outline-offset: 2px;
  }
  .chip {
    display: inline-block;
    border: 1px solid var(--_line);
    border-radius: 99rem;
    padding: 0 0.6em;
    font-size: 0.85em;
  }
  ul.plain {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  label.option {
    display: flex;
    gap: 0.6em;
    align-items: baseline;
    margin-block-end: calc(var(--_gap) / 2);
  }
  @media (prefers-reduced-motion: no-preference) {
    progress {
      transition: width 0.2s;
    }
  }
`, Be = 3e4, Ve = 50, Q = class extends Z {
	constructor(...e) {
		super(...e), this.notices = null, this.next = null, this.fault = null, this.leaving = new AbortController();
	}
	static {
		this.styles = [ze, m`
      li {
        border-block-end: 1px solid var(--_line);
        padding-block: calc(var(--_gap) / 2);
      }
      li:last-child {
        border: 0;
      }
      .unread {
        font-weight: 700;
      }
      .unread::before {
        content: "";
        display: inline-block;
        inline-size: 0.6em;
        block-size: 0.6em;
        border-radius: 50%;
        background: var(--_main);
        margin-inline-end: 0.4em;
      }
    `];
	}
	connectedCallback() {
		super.connectedCallback(), this.leaving = new AbortController();
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this.leaving.abort();
	}
	async load() {
		this.leaving.abort(), this.leaving = new AbortController();
		let { signal: e } = this.leaving;
		await this.refresh(), this.follow(e);
	}
	async refresh() {
		try {
			let e = await this.api.call("GET", `/notify/notices?limit=${Ve}`), t = (this.notices ?? []).filter((t) => !e.items.some((e) => e.id === t.id));
			this.notices = [...e.items, ...t].sort((e, t) => t.received_at.localeCompare(e.received_at)), t.length === 0 && (this.next = e.next_cursor), this.fault = null;
		} catch (e) {
			this.fault = e;
		}
	}
	async follow(t) {
		let n = "";
		for (; !t.aborted;) {
			try {
				for await (let e of Ie(this.api, "/notify/stream", n, t)) e.id && (n = e.id), e.event === "notice" && await this.refresh();
			} catch (n) {
				if (t.aborted) return;
				n instanceof e && n.status === 401 && (this.fault = n);
			}
			await new Promise((e) => setTimeout(e, Be)), t.aborted || await this.refresh();
		}
	}
	async more() {
		let e = await this.api.call("GET", `/notify/notices?limit=${Ve}&cursor=${this.next ?? ""}`);
		this.notices = [...this.notices ?? [], ...e.items], this.next = e.next_cursor;
	}
	open(e) {
		let t = {
			contactId: e.contact?.id ?? null,
			mailbox: e.mailbox,
			messageId: e.id
		};
		this.dispatchEvent(new CustomEvent("gmail-open-contact", {
			detail: t,
			bubbles: !0,
			composed: !0
		})), this.markRead(e);
	}
	async markRead(e) {
		try {
			await this.api.call("POST", `/notify/notices/${encodeURIComponent(e.id)}/read`), this.notices = (this.notices ?? []).map((t) => t.id === e.id ? {
				...t,
				read: !0
			} : t);
		} catch (e) {
			this.fault = e;
		}
	}
	render() {
		let e = (this.notices ?? []).filter((e) => !e.read).length;
		return F`<section class="card" aria-busy=${this.notices === null && !this.fault}>
      <h2>
        ${this.say("notices.title")}
        <span class="chip" role="status">${this.say("notices.unread", { n: e })}</span>
      </h2>
      ${this.fault ? F`<p class="wrong" role="alert">${this.explain(this.fault)}</p>` : L}
      ${this.list()}
      ${this.next ? F`<button @click=${() => this.more()}>${this.say("list.more")}</button>` : L}
    </section>`;
	}
	list() {
		return this.notices === null ? this.fault ? L : F`<p class="quiet">${this.say("list.loading")}</p>` : this.notices.length === 0 ? F`<p class="quiet">${this.say("notices.none")}</p>` : F`<ul class="plain">
      ${this.notices.map((e) => this.row(e))}
    </ul>`;
	}
	row(e) {
		let t = e.contact?.name ?? e.from;
		return F`<li>
      <div class="row">
        <button class="plain ${e.read ? "" : "unread"}" @click=${() => this.open(e)}>
          <bdi>${t}</bdi>
        </button>
        <span class="quiet">${this.formats.moment(e.received_at)}</span>
        ${e.read ? L : F`<button
              aria-label=${this.say("notices.mark_read_of", { who: t })}
              @click=${() => this.markRead(e)}
            >
              ${this.say("notices.mark_read")}
            </button>`}
      </div>
    </li>`;
	}
};
Y([J()], Q.prototype, "notices", void 0), Y([J()], Q.prototype, "next", void 0), Y([J()], Q.prototype, "fault", void 0), Q = Y([ke("gmail-notices")], Q);
// src/settings.ts
var He = [
	"private",
	"custom",
	"public"
], $ = class extends Z {
	constructor(...e) {
		super(...e), this.returnUrl = null, this.mailbox = void 0, this.draft = null, this.fault = null, this.said = "", this.blockedUrl = null, this.visibility = null, this.preview = null, this.receipt = null, this.leaving = !1, this.attempt = new AbortController();
	}
	static {
		this.styles = [ze, m`
      fieldset {
        border: 0;
        margin: 0 0 var(--_gap);
        padding: 0;
      }
      legend {
        font-weight: 700;
        padding: 0;
      }
      textarea {
        inline-size: 100%;
        background: var(--_paper);
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        padding: 0.4em;
      }
      progress {
        inline-size: 100%;
        accent-color: var(--_main);
      }
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 0.2em 1em;
        margin: 0;
      }
      dd {
        margin: 0;
      }
    `];
	}
	async load() {
		await this.doing(async () => this.show(await this.api.mailbox()));
	}
	show(e) {
		this.mailbox = e, this.draft = e ? {
			sharing: e.settings.sharing,
			mailmagnet: e.settings.mailmagnet,
			labels: e.settings.labels,
			never_shared: e.settings.never_shared.join("\n")
		} : null, this.visibility = null, this.preview = null;
	}
	async doing(e) {
		this.fault = null, this.said = "";
		try {
			await e();
		} catch (e) {
			this.fault = e;
		}
	}
	authenticate() {
		let e = a();
		this.attempt.abort(), this.attempt = new AbortController();
		let { signal: t } = this.attempt;
		return this.doing(async () => {
			this.said = this.say("settings.waiting");
			let n = await o(this.api, e, {
				connector: this.endpoint ? new URL(this.endpoint).origin : location.origin,
				returnUrl: this.returnUrl,
				blocked: (e) => this.blockedUrl = e,
				signal: t
			});
			this.blockedUrl = null, this.receipt = null, this.show(n), this.said = this.say("settings.connected_now");
		});
	}
	change(e) {
		this.draft && (this.draft = {
			...this.draft,
			...e
		}, this.draft.mailmagnet || (this.draft = {
			...this.draft,
			labels: !1
		}), e.sharing !== void 0 && this.foresee());
	}
	async foresee() {
		await this.doing(async () => {
			let e = { sharing: this.draft?.sharing };
			this.visibility = await this.api.call("POST", "/oauth/mailbox/settings:preview", e);
		});
	}
	async foreseeLabels() {
		await this.doing(async () => {
			this.preview = await this.api.call("POST", "/labeler/preview");
		});
	}
	async save(e) {
		e.preventDefault();
		let { draft: t } = this;
		if (!t) return;
		let n = t.never_shared.split(/[\s,]+/).filter((e) => e !== "");
		await this.doing(async () => {
			this.show(await this.api.call("PATCH", "/oauth/mailbox", {
				...t,
				never_shared: n
			})), this.said = this.say("settings.saved");
		});
	}
	async pause(e) {
		await this.doing(async () => {
			this.show(await this.api.call("PATCH", "/oauth/mailbox", { paused: e })), this.said = this.say(e ? "settings.paused_now" : "settings.resumed_now");
		});
	}
	async disconnect(e) {
		await this.doing(async () => {
			this.receipt = await this.api.call("DELETE", `/oauth/mailbox?labels=${e}`), this.leaving = !1, this.show(null);
		});
	}
	async exportHeld() {
		await this.doing(async () => {
			let e = await this.api.call("GET", "/oauth/mailbox/data"), t = new Blob([JSON.stringify(e, null, 2)], { type: "application/json" }), n = document.createElement("a");
			n.href = URL.createObjectURL(t), n.download = "crm-gmail-data.json", n.click(), setTimeout(() => URL.revokeObjectURL(n.href), 1e3);
		});
	}
	render() {
		return F`
      <div role="status">${this.said ? F`<p class="quiet">${this.said}</p>` : L}</div>
      ${this.fault ? F`<p class="wrong" role="alert">${this.sentence(this.fault)}</p>` : L}
      ${this.account()} ${this.mailbox && this.draft ? this.form(this.mailbox, this.draft) : L}
      ${this.mailbox ? this.held() : L} ${this.receipt ? this.receiptCard(this.receipt) : L}
    `;
	}
	sentence(t) {
		return t instanceof e && t.code === "consent_expired" ? this.say("settings.expired") : this.explain(t);
	}
	account() {
		let { mailbox: e } = this;
		return e === void 0 ? F`<section class="card" aria-busy="true"><p class="quiet">${this.say("list.loading")}</p></section>` : F`<section class="card">
      <h2>${this.say("settings.account")}</h2>
      ${e ? this.connected(e) : F`<p>${this.say("settings.none")}</p>`}
      ${this.blockedUrl ? F`<p>
            ${this.say("settings.blocked")}
            <a href=${this.blockedUrl} target="_blank" rel="opener">${this.say("settings.open_by_hand")}</a>
          </p>` : L}
      <div class="row">
        ${!e || e.status === "needs_reconnect" ? F`<button class="main" @click=${() => this.authenticate()}>
              ${this.say(e ? "settings.reconnect" : "settings.authenticate")}
            </button>` : L}
        ${e ? this.accountButtons(e) : L}
      </div>
      ${this.leaving ? this.farewell() : L}
    </section>`;
	}
	connected(e) {
		return F`<p>
        ${this.say("settings.connected_to")} <bdi>${e.email}</bdi>
        <span class="chip">${this.say(`status.${e.status}`)}</span>
      </p>
      <p class=${e.health.act ? "wrong" : "quiet"}>${e.health.detail}</p>`;
	}
	accountButtons(e) {
		let t = e.status === "paused";
		return F`<button @click=${() => this.pause(!t)}>
        ${this.say(t ? "settings.resume" : "settings.pause")}
      </button>
      <button aria-expanded=${this.leaving} @click=${() => this.leaving = !this.leaving}>
        ${this.say("settings.disconnect")}
      </button>`;
	}
	farewell() {
		return F`<p>${this.say("settings.farewell")}</p>
      <div class="row">
        <button @click=${() => this.disconnect("keep")}>${this.say("settings.leave_keep")}</button>
        <button @click=${() => this.disconnect("remove")}>${this.say("settings.leave_remove")}</button>
      </div>`;
	}
	form(e, t) {
		let n = e.settings.fixed.includes("sharing");
		return F`<form class="card" @submit=${(e) => this.save(e)}>
      <fieldset ?disabled=${n}>
        <legend>${this.say("settings.sharing")}</legend>
        ${n ? F`<p class="quiet">${this.say("settings.fixed_by_admin")}</p>` : L}
        ${He.map((e) => this.sharingOption(e, t))} ${this.visibilitySentence()}
      </fieldset>
      <fieldset>
        <legend>${this.say("settings.features")}</legend>
        ${this.tick("mailmagnet", t.mailmagnet, !1, (e) => this.change({ mailmagnet: e }))}
        ${this.tick("labels", t.labels, !t.mailmagnet, (e) => this.change({ labels: e }))}
        ${this.labelsForeseen(e, t)} ${this.progress(e)}
      </fieldset>
      <label for="never">${this.say("settings.never_shared")}</label>
      <textarea
        id="never"
        rows="2"
        .value=${t.never_shared}
        @change=${(e) => this.change({ never_shared: e.target.value })}
      ></textarea>
      <p><button class="main" type="submit">${this.say("settings.save")}</button></p>
    </form>`;
	}
	sharingOption(e, t) {
		return F`<label class="option">
      <input
        type="radio"
        name="sharing"
        .checked=${t.sharing === e}
        @change=${() => this.change({ sharing: e })}
      />
      <span>${this.say(`sharing.${e}`)}<br /><span class="quiet">${this.say(`sharing.${e}_means`)}</span></span>
    </label>`;
	}
	visibilitySentence() {
		let { visibility: e } = this;
		if (!e) return L;
		let { newly_visible: t, no_longer_visible: n } = e;
		return F`<p role="status">
      ${t.contacts > 0 ? this.say("sharing.newly", {
			colleagues: t.colleagues,
			contacts: t.contacts
		}) : L}
      ${n.contacts > 0 ? this.say("sharing.no_longer", {
			colleagues: n.colleagues,
			contacts: n.contacts
		}) : L}
      ${t.contacts + n.contacts === 0 ? this.say("sharing.no_change") : L}
    </p>`;
	}
	tick(e, t, n, r) {
		return F`<label class="option">
        <input
          type="checkbox"
          .checked=${t}
          ?disabled=${n}
          aria-describedby=${`${e}-means`}
          @change=${(e) => r(e.target.checked)}
        />
        ${this.say(`feature.${e}`)}
      </label>
      <p class="quiet" id=${`${e}-means`}>
        ${this.say(`feature.${e}_means`)} ${n ? this.say("feature.needs_mailmagnet") : L}
      </p>`;
	}
	labelsForeseen(e, t) {
		if (!t.labels || e.settings.labels) return L;
		let n = this.preview;
		return F`<p>
      <button type="button" @click=${() => this.foreseeLabels()}>${this.say("labels.preview")}</button>
      ${n ? F`<span role="status">${this.say("labels.would_leave", { n: n.leaves_inbox })}</span>` : L}
    </p>`;
	}
	progress(e) {
		let { state: t, done: n, total: r } = e.labeling;
		return t === "backfill" ? F`<label>
      ${this.say("labels.backfill", {
			done: this.formats.number(n),
			total: this.formats.number(r)
		})}
      <progress max=${r} value=${n}></progress>
    </label>` : L;
	}
	held() {
		return F`<section class="card">
      <h2>${this.say("held.title")}</h2>
      <p class="quiet">${this.say("held.means")}</p>
      <button @click=${() => this.exportHeld()}>${this.say("held.export")}</button>
    </section>`;
	}
	receiptCard(e) {
		let t = (e) => this.say(e ? "receipt.yes" : "receipt.no");
		return F`<section class="card" role="status">
      <h2>${this.say("receipt.title")}</h2>
      <dl>
        <dt>${this.say("receipt.watch")}</dt>
        <dd>${t(e.watch_stopped)}</dd>
        <dt>${this.say("receipt.revoked")}</dt>
        <dd>${t(e.revoked)}</dd>
        <dt>${this.say("receipt.erased")}</dt>
        <dd>${this.formats.number(Object.values(e.erased).reduce((e, t) => e + t, 0))}</dd>
        <dt>${this.say("receipt.inbox")}</dt>
        <dd>${this.formats.number(e.inbox_restored)}</dd>
      </dl>
    </section>`;
	}
};
Y([q({ attribute: "return-url" })], $.prototype, "returnUrl", void 0), Y([J()], $.prototype, "mailbox", void 0), Y([J()], $.prototype, "draft", void 0), Y([J()], $.prototype, "fault", void 0), Y([J()], $.prototype, "said", void 0), Y([J()], $.prototype, "blockedUrl", void 0), Y([J()], $.prototype, "visibility", void 0), Y([J()], $.prototype, "preview", void 0), Y([J()], $.prototype, "receipt", void 0), Y([J()], $.prototype, "leaving", void 0), $ = Y([ke("gmail-settings")], $);
export { Q as GmailNotices, $ as GmailSettings, e as Problem, s as handTicketBack };

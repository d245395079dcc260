// src/api.ts
var e = class extends Error {
	constructor(e, t) {
		super(t.detail ?? ""), this.status = e, this.code = t.code ?? "unreachable", this.act = t.act ?? "retry";
	}
}, t = class {
	#e;
	#t;
	#n;
	constructor(e, t, n) {
		this.#e = e.replace(/\/$/, ""), this.#t = t, this.#n = n;
	}
	async call(e, t, n, r = {}) {
		let i = await (await this.raw(e, t, n, r)).text();
		return i ? JSON.parse(i) : void 0;
	}
	async raw(t, n, r, i = {}, a) {
		let o = {
			...i,
			"Accept-Language": this.#n(),
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
var u = globalThis, d = u.ShadowRoot && (u.ShadyCSS === void 0 || u.ShadyCSS.nativeShadow) && "adoptedStyleSheets" in Document.prototype && "replace" in CSSStyleSheet.prototype, f = Symbol(), p = /* @__PURE__ */ new WeakMap(), m = class {
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
}, ee = (e) => new m(typeof e == "string" ? e : e + "", void 0, f), h = (e, ...t) => new m(e.length === 1 ? e[0] : t.reduce((t, n, r) => t + ((e) => {
	if (!0 === e._$cssResult$) return e.cssText;
	if (typeof e == "number") return e;
	throw Error("Value passed to 'css' function must be a 'css' function result: " + e + ". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.");
})(n) + e[r + 1], e[0]), e, f), te = (e, t) => {
	if (d) e.adoptedStyleSheets = t.map((e) => e instanceof CSSStyleSheet ? e : e.styleSheet);
	else for (let n of t) {
		let t = document.createElement("style"), r = u.litNonce;
		r !== void 0 && t.setAttribute("nonce", r), t.textContent = n.cssText, e.appendChild(t);
	}
}, ne = d ? (e) => e : (e) => e instanceof CSSStyleSheet ? ((e) => {
	let t = "";
	for (let n of e.cssRules) t += n.cssText;
	return ee(t);
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
}, fe = (e, t) => !re(e, t), pe = {
	attribute: !0,
	type: String,
	converter: v,
	reflect: !1,
	useDefault: !1,
	hasChanged: fe
};
Symbol.metadata ??= Symbol("metadata"), g.litPropertyMetadata ??= /* @__PURE__ */ new WeakMap();
var y = class extends HTMLElement {
	static addInitializer(e) {
		this._$Ei(), (this.l ??= []).push(e);
	}
	static get observedAttributes() {
		return this.finalize(), this._$Eh && [...this._$Eh.keys()];
	}
	static createProperty(e, t = pe) {
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
		return this.elementProperties.get(e) ?? pe;
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
			for (let e of n) t.unshift(ne(e));
		} else e !== void 0 && t.push(ne(e));
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
		return te(e, this.constructor.elementStyles), e;
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
			if (!1 === r && (i = this[e]), n ??= a.getPropertyOptions(e), !((n.hasChanged ?? fe)(i, t) || n.useDefault && n.reflect && i === this._$Ej?.get(e) && !this.hasAttribute(a._$Eu(e, n)))) return;
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
y.elementStyles = [], y.shadowRootOptions = { mode: "open" }, y[_("elementProperties")] = /* @__PURE__ */ new Map(), y[_("finalized")] = /* @__PURE__ */ new Map(), de?.({ ReactiveElement: y }), (g.reactiveElementVersions ??= []).push("2.1.2");
// node_modules/lit-html/lit-html.js
var me = globalThis, he = (e) => e, b = me.trustedTypes, ge = b ? b.createPolicy("lit-html", { createHTML: (e) => e }) : void 0, x = "$lit$", S = `lit$${Math.random().toFixed(9).slice(2)}$`, _e = "?" + S, ve = `<${_e}>`, C = document, w = () => C.createComment(""), T = (e) => e === null || typeof e != "object" && typeof e != "function", ye = Array.isArray, be = (e) => ye(e) || typeof e?.[Symbol.iterator] == "function", E = "[ 	\n\f\r]", D = /<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g, xe = /-->/g, Se = />/g, O = RegExp(`>|${E}(?:([^\\s"'>=/]+)(${E}*=${E}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`, "g"), Ce = /'/g, we = /"/g, Te = /^(?:script|style|textarea|title)$/i, k = ((e) => (t, ...n) => ({
	_$litType$: e,
	strings: t,
	values: n
}))(1), A = Symbol.for("lit-noChange"), j = Symbol.for("lit-nothing"), Ee = /* @__PURE__ */ new WeakMap(), M = C.createTreeWalker(C, 129);
function De(e, t) {
	if (!ye(e) || !e.hasOwnProperty("raw")) throw Error("invalid template strings array");
	return ge === void 0 ? t : ge.createHTML(t);
}
var Oe = (e, t) => {
	let n = e.length - 1, r = [], i, a = t === 2 ? "<svg>" : t === 3 ? "<math>" : "", o = D;
	for (let t = 0; t < n; t++) {
		let n = e[t], s, c, l = -1, u = 0;
		for (; u < n.length && (o.lastIndex = u, c = o.exec(n), c !== null);) u = o.lastIndex, o === D ? c[1] === "!--" ? o = xe : c[1] === void 0 ? c[2] === void 0 ? c[3] !== void 0 && (o = O) : (Te.test(c[2]) && (i = RegExp("</" + c[2], "g")), o = O) : o = Se : o === O ? c[0] === ">" ? (o = i ?? D, l = -1) : c[1] === void 0 ? l = -2 : (l = o.lastIndex - c[2].length, s = c[1], o = c[3] === void 0 ? O : c[3] === "\"" ? we : Ce) : o === we || o === Ce ? o = O : o === xe || o === Se ? o = D : (o = O, i = void 0);
		let d = o === O && e[t + 1].startsWith("/>") ? " " : "";
		a += o === D ? n + ve : l >= 0 ? (r.push(s), n.slice(0, l) + x + n.slice(l) + S + d) : n + S + (l === -2 ? t : d);
	}
	return [De(e, a + (e[n] || "<?>") + (t === 2 ? "</svg>" : t === 3 ? "</math>" : "")), r];
}, ke = class e {
	constructor({ strings: t, _$litType$: n }, r) {
		let i;
		this.parts = [];
		let a = 0, o = 0, s = t.length - 1, c = this.parts, [l, u] = Oe(t, n);
		if (this.el = e.createElement(l, r), M.currentNode = this.el.content, n === 2 || n === 3) {
			let e = this.el.content.firstChild;
			e.replaceWith(...e.childNodes);
		}
		for (; (i = M.nextNode()) !== null && c.length < s;) {
			if (i.nodeType === 1) {
				if (i.hasAttributes()) for (let e of i.getAttributeNames()) if (e.endsWith(x)) {
					let t = u[o++], n = i.getAttribute(e).split(S), r = /([.?@])?(.*)/.exec(t);
					c.push({
						type: 1,
						index: a,
						name: r[2],
						strings: n,
						ctor: r[1] === "." ? je : r[1] === "?" ? Me : r[1] === "@" ? Ne : F
					}), i.removeAttribute(e);
				} else e.startsWith(S) && (c.push({
					type: 6,
					index: a
				}), i.removeAttribute(e));
				if (Te.test(i.tagName)) {
					let e = i.textContent.split(S), t = e.length - 1;
					if (t > 0) {
						i.textContent = b ? b.emptyScript : "";
						for (let n = 0; n < t; n++) i.append(e[n], w()), M.nextNode(), c.push({
							type: 2,
							index: ++a
						});
						i.append(e[t], w());
					}
				}
			} else if (i.nodeType === 8) {
				if (i.data === _e) c.push({
					type: 2,
					index: a
				});
				else {
					let e = -1;
					for (; (e = i.data.indexOf(S, e + 1)) !== -1;) c.push({
						type: 7,
						index: a
					}), e += S.length - 1;
				}
			}
			a++;
		}
	}
	static createElement(e, t) {
		let n = C.createElement("template");
		return n.innerHTML = e, n;
	}
};
function N(e, t, n = e, r) {
	if (t === A) return t;
	let i = r === void 0 ? n._$Cl : n._$Co?.[r], a = T(t) ? void 0 : t._$litDirective$;
	return i?.constructor !== a && (i?._$AO?.(!1), a === void 0 ? i = void 0 : (i = new a(e), i._$AT(e, n, r)), r === void 0 ? n._$Cl = i : (n._$Co ??= [])[r] = i), i !== void 0 && (t = N(e, i._$AS(e, t.values), i, r)), t;
}
var Ae = class {
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
		let { el: { content: t }, parts: n } = this._$AD, r = (e?.creationScope ?? C).importNode(t, !0);
		M.currentNode = r;
		let i = M.nextNode(), a = 0, o = 0, s = n[0];
		for (; s !== void 0;) {
			if (a === s.index) {
				let t;
				s.type === 2 ? t = new P(i, i.nextSibling, this, e) : s.type === 1 ? t = new s.ctor(i, s.name, s.strings, this, e) : s.type === 6 && (t = new Pe(i, this, e)), this._$AV.push(t), s = n[++o];
			}
			a !== s?.index && (i = M.nextNode(), a++);
		}
		return M.currentNode = C, r;
	}
	p(e) {
		let t = 0;
		for (let n of this._$AV) n !== void 0 && (n.strings === void 0 ? n._$AI(e[t]) : (n._$AI(e, n, t), t += n.strings.length - 2)), t++;
	}
}, P = class e {
	get _$AU() {
		return this._$AM?._$AU ?? this._$Cv;
	}
	constructor(e, t, n, r) {
		this.type = 2, this._$AH = j, this._$AN = void 0, this._$AA = e, this._$AB = t, this._$AM = n, this.options = r, this._$Cv = r?.isConnected ?? !0;
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
		e = N(this, e, t), T(e) ? e === j || e == null || e === "" ? (this._$AH !== j && this._$AR(), this._$AH = j) : e !== this._$AH && e !== A && this._(e) : e._$litType$ === void 0 ? e.nodeType === void 0 ? be(e) ? this.k(e) : this._(e) : this.T(e) : this.$(e);
	}
	O(e) {
		return this._$AA.parentNode.insertBefore(e, this._$AB);
	}
	T(e) {
		this._$AH !== e && (this._$AR(), this._$AH = this.O(e));
	}
	_(e) {
		this._$AH !== j && T(this._$AH) ? this._$AA.nextSibling.data = e : this.T(C.createTextNode(e)), this._$AH = e;
	}
	$(e) {
		let { values: t, _$litType$: n } = e, r = typeof n == "number" ? this._$AC(e) : (n.el === void 0 && (n.el = ke.createElement(De(n.h, n.h[0]), this.options)), n);
		if (this._$AH?._$AD === r) this._$AH.p(t);
		else {
			let e = new Ae(r, this), n = e.u(this.options);
			e.p(t), this.T(n), this._$AH = e;
		}
	}
	_$AC(e) {
		let t = Ee.get(e.strings);
		return t === void 0 && Ee.set(e.strings, t = new ke(e)), t;
	}
	k(t) {
		ye(this._$AH) || (this._$AH = [], this._$AR());
		let n = this._$AH, r, i = 0;
		for (let a of t) i === n.length ? n.push(r = new e(this.O(w()), this.O(w()), this, this.options)) : r = n[i], r._$AI(a), i++;
		i < n.length && (this._$AR(r && r._$AB.nextSibling, i), n.length = i);
	}
	_$AR(e = this._$AA.nextSibling, t) {
		for (this._$AP?.(!1, !0, t); e !== this._$AB;) {
			let t = he(e).nextSibling;
			he(e).remove(), e = t;
		}
	}
	setConnected(e) {
		this._$AM === void 0 && (this._$Cv = e, this._$AP?.(e));
	}
}, F = class {
	get tagName() {
		return this.element.tagName;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	constructor(e, t, n, r, i) {
		this.type = 1, this._$AH = j, this._$AN = void 0, this.element = e, this.name = t, this._$AM = r, this.options = i, n.length > 2 || n[0] !== "" || n[1] !== "" ? (this._$AH = Array(n.length - 1).fill(/* @__PURE__ */ new String()), this.strings = n) : this._$AH = j;
	}
	_$AI(e, t = this, n, r) {
		let i = this.strings, a = !1;
		if (i === void 0) e = N(this, e, t, 0), a = !T(e) || e !== this._$AH && e !== A, a && (this._$AH = e);
		else {
			let r = e, o, s;
			for (e = i[0], o = 0; o < i.length - 1; o++) s = N(this, r[n + o], t, o), s === A && (s = this._$AH[o]), a ||= !T(s) || s !== this._$AH[o], s === j ? e = j : e !== j && (e += (s ?? "") + i[o + 1]), this._$AH[o] = s;
		}
		a && !r && this.j(e);
	}
	j(e) {
		e === j ? this.element.removeAttribute(this.name) : this.element.setAttribute(this.name, e ?? "");
	}
}, je = class extends F {
	constructor() {
		super(...arguments), this.type = 3;
	}
	j(e) {
		this.element[this.name] = e === j ? void 0 : e;
	}
}, Me = class extends F {
	constructor() {
		super(...arguments), this.type = 4;
	}
	j(e) {
		this.element.toggleAttribute(this.name, !!e && e !== j);
	}
}, Ne = class extends F {
	constructor(e, t, n, r, i) {
		super(e, t, n, r, i), this.type = 5;
	}
	_$AI(e, t = this) {
		if ((e = N(this, e, t, 0) ?? j) === A) return;
		let n = this._$AH, r = e === j && n !== j || e.capture !== n.capture || e.once !== n.once || e.passive !== n.passive, i = e !== j && (n === j || r);
		r && this.element.removeEventListener(this.name, this, n), i && this.element.addEventListener(this.name, this, e), this._$AH = e;
	}
	handleEvent(e) {
		typeof this._$AH == "function" ? this._$AH.call(this.options?.host ?? this.element, e) : this._$AH.handleEvent(e);
	}
}, Pe = class {
	constructor(e, t, n) {
		this.element = e, this.type = 6, this._$AN = void 0, this._$AM = t, this.options = n;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	_$AI(e) {
		N(this, e);
	}
}, Fe = {
	M: x,
	P: S,
	A: _e,
	C: 1,
	L: Oe,
	R: Ae,
	D: be,
	V: N,
	I: P,
	H: F,
	N: Me,
	U: Ne,
	B: je,
	F: Pe
}, Ie = me.litHtmlPolyfillSupport;
Ie?.(ke, P), (me.litHtmlVersions ??= []).push("3.3.3");
var Le = (e, t, n) => {
	let r = n?.renderBefore ?? t, i = r._$litPart$;
	if (i === void 0) {
		let e = n?.renderBefore ?? null;
		r._$litPart$ = i = new P(t.insertBefore(w(), e), e, void 0, n ?? {});
	}
	return i._$AI(e), i;
}, I = globalThis, L = class extends y {
	constructor() {
		super(...arguments), this.renderOptions = { host: this }, this._$Do = void 0;
	}
	createRenderRoot() {
		let e = super.createRenderRoot();
		return this.renderOptions.renderBefore ??= e.firstChild, e;
	}
	update(e) {
		let t = this.render();
		this.hasUpdated || (this.renderOptions.isConnected = this.isConnected), super.update(e), this._$Do = Le(t, this.renderRoot, this.renderOptions);
	}
	connectedCallback() {
		super.connectedCallback(), this._$Do?.setConnected(!0);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this._$Do?.setConnected(!1);
	}
	render() {
		return A;
	}
};
L._$litElement$ = !0, L.finalized = !0, I.litElementHydrateSupport?.({ LitElement: L });
var Re = I.litElementPolyfillSupport;
Re?.({ LitElement: L }), (I.litElementVersions ??= []).push("4.2.2");
// node_modules/@lit/reactive-element/decorators/custom-element.js
var R = (e) => (t, n) => {
	n === void 0 ? customElements.define(e, t) : n.addInitializer(() => {
		customElements.define(e, t);
	});
}, ze = {
	attribute: !0,
	type: String,
	converter: v,
	reflect: !1,
	hasChanged: fe
}, Be = (e = ze, t, n) => {
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
function z(e) {
	return (t, n) => typeof n == "object" ? Be(e, t, n) : ((e, t, n) => {
		let r = t.hasOwnProperty(n);
		return t.constructor.createProperty(n, e), r ? Object.getOwnPropertyDescriptor(t, n) : void 0;
	})(e, t, n);
}
// node_modules/@lit/reactive-element/decorators/state.js
function B(e) {
	return z({
		...e,
		state: !0,
		attribute: !1
	});
}
// src/formats.ts
var Ve = class {
	#e;
	constructor(e) {
		this.#e = navigator.languages.find((t) => t.split("-")[0] === e) ?? e;
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
}, V = {
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
	"receipt.no": "no",
	"list.again": "Try again",
	"kind.contact": "Contact",
	"kind.lead": "Lead",
	"contact.addresses": "Addresses",
	"contact.primary": "primary",
	"deals.title": "Deals",
	"deals.none": "No deals.",
	"deals.closes": "closing date {date}",
	"deals.no_date": "no closing date",
	"state.open": "open",
	"state.won": "won",
	"state.lost": "lost",
	"mail.title": "Mail",
	"mail.loading": "Reading Gmail …",
	"mail.none": "No mail with this contact.",
	"mail.more": "Show older mail",
	"mail.no_subject": "(no subject)",
	"mail.unread": "unread",
	"mail.sent": "sent",
	"mail.of": "mailbox of {name}",
	"mail.files": "has attachments",
	"mail.not_connected": "Your Gmail account is not connected, so your own mail is not shown.",
	"mail.to_settings": "Open mail settings",
	"source.needs_reconnect": "The mailbox of {name} must be connected again; mail is missing here.",
	"source.throttled": "Gmail asks us to slow down for the mailbox of {name}; mail may be missing.",
	"source.paused": "The mailbox of {name} is paused; mail is missing here.",
	"source.blocked": "Google refuses us the mailbox of {name}.",
	"source.late": "The mailbox of {name} was late; mail may be missing. Try again in a moment.",
	"source.left_out": "Too many mailboxes to ask at once; that of {name} was left out.",
	"source.down": "The mailbox of {name} did not answer; mail may be missing.",
	"category.closing_this_month": "Deals Closing This Month",
	"category.open_deals": "Open Deals",
	"category.customers": "Customers",
	"message.to": "To {names}",
	"message.cc": "Copy to {names}",
	"message.unverified": "Gmail could not confirm that this sender is who they say.",
	"message.pictures_blocked": "{n} {n|picture|pictures} from the Internet not loaded: loading tells the sender that you read this.",
	"message.pictures_show": "Show pictures",
	"message.frame": "Message text",
	"message.taller": "Show more of the message",
	"message.empty": "This message has no text.",
	"message.earlier": "Earlier messages",
	"message.files": "Attachments",
	"note.html_refused": "The formatted text is too large or too deep to be shown safely; this is its plain text.",
	"note.encrypted": "This message is encrypted; read it in your mail program.",
	"note.body_cut": "The text is very long; this is its beginning.",
	"note.other": "A part of this message could not be shown.",
	"label.none": "no label of ours",
	"label.why": "Why?",
	"label.undo": "Undo the label",
	"label.undone": "The label is taken off again, and stays off.",
	"label.not_undone": "There was nothing of ours to undo on this message.",
	"why.contact": "The sender is",
	"why.deals": "The deals",
	"why.rejected": "Why not another label",
	"why.last_run": "Labels were last looked at: {time}.",
	"why.no_run": "Labels have not been looked at yet.",
	"thread.show": "Show the whole conversation",
	"thread.title": "Others in this conversation",
	"thread.alone": "There is no other message in this conversation.",
	"share.email": "Share email",
	"share.on": "Colleagues now see your mail with this contact.",
	"share.off": "Colleagues no longer see your mail with this contact.",
	"compose.new": "Write a mail",
	"compose.reply": "Reply",
	"compose.reply_all": "Reply to all",
	"compose.forward": "Forward",
	"compose.from": "From",
	"compose.to": "To",
	"compose.cc": "Copy",
	"compose.bcc": "Blind copy",
	"compose.subject": "Subject",
	"compose.text": "Text",
	"compose.files": "Attach files",
	"compose.remove": "Remove",
	"compose.remove_of": "Remove {name}",
	"compose.too_large": "Attachments may have 18 MB together.",
	"compose.send": "Send",
	"compose.discard": "Discard",
	"compose.goes_out": "Goes out in {n} {n|second|seconds}.",
	"compose.undo_send": "Do not send yet",
	"compose.sending": "Sending …",
	"compose.sent": "Sent.",
	"compose.draft_saved": "Draft saved in Gmail, without attachments.",
	"compose.draft_failed": "The draft could not be saved."
}, He = {
	en: V,
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
		"receipt.no": "non",
		"list.again": "Réessayer",
		"kind.contact": "Contact",
		"kind.lead": "Prospect",
		"contact.addresses": "Adresses",
		"contact.primary": "principale",
		"deals.title": "Affaires",
		"deals.none": "Aucune affaire.",
		"deals.closes": "clôture le {date}",
		"deals.no_date": "sans date de clôture",
		"state.open": "en cours",
		"state.won": "gagnée",
		"state.lost": "perdue",
		"mail.title": "Messages",
		"mail.loading": "Lecture de Gmail …",
		"mail.none": "Aucun message avec ce contact.",
		"mail.more": "Afficher les messages plus anciens",
		"mail.no_subject": "(sans objet)",
		"mail.unread": "non lu",
		"mail.sent": "envoyé",
		"mail.of": "boîte de {name}",
		"mail.files": "pièces jointes",
		"mail.not_connected": "Votre compte Gmail n'est pas connecté : vos propres messages ne sont pas affichés.",
		"mail.to_settings": "Ouvrir les réglages de messagerie",
		"source.needs_reconnect": "La boîte de {name} doit être reconnectée ; des messages manquent ici.",
		"source.throttled": "Gmail nous demande de ralentir pour la boîte de {name} ; des messages peuvent manquer.",
		"source.paused": "La boîte de {name} est suspendue ; des messages manquent ici.",
		"source.blocked": "Google nous refuse la boîte de {name}.",
		"source.late": "La boîte de {name} a tardé ; des messages peuvent manquer. Réessayez dans un instant.",
		"source.left_out": "Trop de boîtes à interroger à la fois ; celle de {name} a été laissée de côté.",
		"source.down": "La boîte de {name} n'a pas répondu ; des messages peuvent manquer.",
		"category.closing_this_month": "Affaires à conclure ce mois-ci",
		"category.open_deals": "Affaires en cours",
		"category.customers": "Clients",
		"message.to": "À {names}",
		"message.cc": "Copie à {names}",
		"message.unverified": "Gmail n'a pas pu confirmer l'identité de cet expéditeur.",
		"message.pictures_blocked": "{n} {n|image|images} d'Internet non {n|chargée|chargées} : les charger apprend à l'expéditeur que vous lisez.",
		"message.pictures_show": "Afficher les images",
		"message.frame": "Texte du message",
		"message.taller": "Agrandir le message",
		"message.empty": "Ce message est sans texte.",
		"message.earlier": "Messages précédents",
		"message.files": "Pièces jointes",
		"note.html_refused": "Le texte mis en forme est trop grand ou trop complexe pour être affiché sûrement ; voici le texte brut.",
		"note.encrypted": "Ce message est chiffré ; lisez-le dans votre logiciel de messagerie.",
		"note.body_cut": "Le texte est très long ; en voici le début.",
		"note.other": "Une partie de ce message n'a pas pu être affichée.",
		"label.none": "aucun de nos libellés",
		"label.why": "Pourquoi ?",
		"label.undo": "Annuler le libellé",
		"label.undone": "Le libellé est retiré et le restera.",
		"label.not_undone": "Il n'y avait rien de notre fait à annuler sur ce message.",
		"why.contact": "L'expéditeur est",
		"why.deals": "Les affaires",
		"why.rejected": "Pourquoi pas un autre libellé",
		"why.last_run": "Libellés examinés pour la dernière fois : {time}.",
		"why.no_run": "Les libellés n'ont pas encore été examinés.",
		"thread.show": "Afficher toute la conversation",
		"thread.title": "Les autres de cette conversation",
		"thread.alone": "Il n'y a pas d'autre message dans cette conversation.",
		"share.email": "Partager les messages",
		"share.on": "Vos collègues voient désormais vos messages avec ce contact.",
		"share.off": "Vos collègues ne voient plus vos messages avec ce contact.",
		"compose.new": "Écrire un message",
		"compose.reply": "Répondre",
		"compose.reply_all": "Répondre à tous",
		"compose.forward": "Transférer",
		"compose.from": "De",
		"compose.to": "À",
		"compose.cc": "Copie",
		"compose.bcc": "Copie cachée",
		"compose.subject": "Objet",
		"compose.text": "Texte",
		"compose.files": "Joindre des fichiers",
		"compose.remove": "Retirer",
		"compose.remove_of": "Retirer {name}",
		"compose.too_large": "Les pièces jointes peuvent faire 18 Mo ensemble.",
		"compose.send": "Envoyer",
		"compose.discard": "Abandonner",
		"compose.goes_out": "Part dans {n} {n|seconde|secondes}.",
		"compose.undo_send": "Ne pas envoyer encore",
		"compose.sending": "Envoi …",
		"compose.sent": "Envoyé.",
		"compose.draft_saved": "Brouillon enregistré dans Gmail, sans les pièces jointes.",
		"compose.draft_failed": "Le brouillon n'a pas pu être enregistré."
	}
};
function Ue(e) {
	return e in V;
}
function We(e, t, n = {}) {
	return (He[e.toLowerCase().split("-")[0] ?? "en"] ?? V)[t].replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (t, r, i, a) => {
		let o = n[r] ?? "";
		return i === void 0 || a === void 0 ? String(o) : new Intl.PluralRules(e).select(Number(o)) === "one" ? i : a;
	});
}
// \0@oxc-project+runtime@0.156.0/helpers/esm/decorate.js
function H(e, t, n, r) {
	var i = arguments.length, a = i < 3 ? t : r === null ? r = Object.getOwnPropertyDescriptor(t, n) : r, o;
	if (typeof Reflect == "object" && typeof Reflect.decorate == "function") a = Reflect.decorate(e, t, n, r);
	else for (var s = e.length - 1; s >= 0; s--) (o = e[s]) && (a = (i < 3 ? o(a) : i > 3 ? o(t, n, a) : o(t, n)) || a);
	return i > 3 && a && Object.defineProperty(t, n, a), a;
}
// src/element.ts
var Ge = () => Promise.reject(new e(0, { code: "no_token" })), U = class extends L {
	constructor(...e) {
		super(...e), this.endpoint = "", this.token = Ge, this.fault = null, this.said = "", this.api = new t("", Ge, () => "en");
	}
	willUpdate(e) {
		(e.has("endpoint") || e.has("token")) && (this.api = new t(this.endpoint, this.token, () => this.language), this.token !== Ge && this.load());
	}
	async doing(e) {
		this.fault = null, this.said = "";
		try {
			return await e(), !0;
		} catch (e) {
			return this.fault = e, !1;
		}
	}
	get language() {
		return Ke(this) || navigator.language || "en";
	}
	say(e, t = {}) {
		return We(this.language, e, t);
	}
	get formats() {
		return new Ve(this.language);
	}
	explain(t) {
		if (!(t instanceof e)) return this.say("problem.unknown");
		if (t.code === "offline" || t.code === "unreachable" || t.code === "no_token") return this.say(`problem.${t.code}`);
		let n = this.say(`act.${t.act}`);
		return t.message ? `${t.message} ${n}` : n;
	}
};
H([z()], U.prototype, "endpoint", void 0), H([z({ attribute: !1 })], U.prototype, "token", void 0), H([B()], U.prototype, "fault", void 0), H([B()], U.prototype, "said", void 0);
function Ke(e) {
	let t = e.closest("[lang]")?.getAttribute("lang"), n = e.getRootNode();
	return t ?? (n instanceof ShadowRoot ? Ke(n.host) : null);
}
// src/live.ts
async function* qe(e, t, n, r) {
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
			let t = Je(e);
			t && (yield t);
		}
	}
}
function Je(e) {
	let t = {
		id: "",
		event: "message",
		data: ""
	}, n = [];
	for (let r of e.split(/\r?\n/)) {
		let [e, i] = Ye(r);
		e === "id" ? t.id = i : e === "event" ? t.event = i : e === "data" && n.push(i);
	}
	return t.data = n.join("\n"), n.length > 0 ? t : null;
}
function Ye(e) {
	let t = e.indexOf(":");
	return t < 0 ? [e, ""] : [e.slice(0, t), e.slice(t + 1).replace(/^ /, "")];
}
// src/style.ts
var W = h`
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
  .chip.strong {
    border-color: var(--_main);
    color: var(--_main);
    font-weight: 600;
  }
  .chip.closing_this_month {
    background: light-dark(#fdebc8, #4a3816);
    color: light-dark(#724400, #f7d894);
  }
  .chip.open,
  .chip.open_deals {
    background: light-dark(#dfe9f7, #22364f);
    color: light-dark(#1d4a80, #b5d2f5);
  }
  .chip.won,
  .chip.customers {
    background: light-dark(#dcefdc, #23402a);
    color: light-dark(#1e5a2a, #b4e0b9);
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 0.35rem;
  }
  a {
    color: var(--_main);
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
`, Xe = 3e4, Ze = 50, G = class extends U {
	constructor(...e) {
		super(...e), this.notices = null, this.next = null, this.leaving = new AbortController();
	}
	static {
		this.styles = [W, h`
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
			let e = await this.api.call("GET", `/notify/notices?limit=${Ze}`), t = (this.notices ?? []).filter((t) => !e.items.some((e) => e.id === t.id));
			this.notices = [...e.items, ...t].sort((e, t) => t.received_at.localeCompare(e.received_at)), t.length === 0 && (this.next = e.next_cursor), this.fault = null;
		} catch (e) {
			this.fault = e;
		}
	}
	async follow(t) {
		let n = "";
		for (; !t.aborted;) {
			try {
				for await (let e of qe(this.api, "/notify/stream", n, t)) e.id && (n = e.id), e.event === "notice" && await this.refresh();
			} catch (n) {
				if (t.aborted) return;
				n instanceof e && n.status === 401 && (this.fault = n);
			}
			await new Promise((e) => setTimeout(e, Xe)), t.aborted || await this.refresh();
		}
	}
	async more() {
		let e = await this.api.call("GET", `/notify/notices?limit=${Ze}&cursor=${this.next ?? ""}`);
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
		return k`<section class="card" aria-busy=${this.notices === null && !this.fault}>
      <h2>
        ${this.say("notices.title")}
        <span class="chip" role="status">${this.say("notices.unread", { n: e })}</span>
      </h2>
      ${this.fault ? k`<p class="wrong" role="alert">${this.explain(this.fault)}</p>` : j}
      ${this.list()}
      ${this.next ? k`<button @click=${() => this.more()}>${this.say("list.more")}</button>` : j}
    </section>`;
	}
	list() {
		return this.notices === null ? this.fault ? j : k`<p class="quiet">${this.say("list.loading")}</p>` : this.notices.length === 0 ? k`<p class="quiet">${this.say("notices.none")}</p>` : k`<ul class="plain">
      ${this.notices.map((e) => this.row(e))}
    </ul>`;
	}
	row(e) {
		let t = e.contact?.name ?? e.from;
		return k`<li>
      <div class="row">
        <button class="plain ${e.read ? "" : "unread"}" @click=${() => this.open(e)}>
          <bdi>${t}</bdi>
        </button>
        <span class="quiet">${this.formats.moment(e.received_at)}</span>
        ${e.read ? j : k`<button
              aria-label=${this.say("notices.mark_read_of", { who: t })}
              @click=${() => this.markRead(e)}
            >
              ${this.say("notices.mark_read")}
            </button>`}
      </div>
    </li>`;
	}
};
H([B()], G.prototype, "notices", void 0), H([B()], G.prototype, "next", void 0), G = H([R("gmail-notices")], G);
// node_modules/lit-html/directive.js
var Qe = {
	ATTRIBUTE: 1,
	CHILD: 2,
	PROPERTY: 3,
	BOOLEAN_ATTRIBUTE: 4,
	EVENT: 5,
	ELEMENT: 6
}, $e = (e) => (...t) => ({
	_$litDirective$: e,
	values: t
}), et = class {
	constructor(e) {}
	get _$AU() {
		return this._$AM._$AU;
	}
	_$AT(e, t, n) {
		this._$Ct = e, this._$AM = t, this._$Ci = n;
	}
	_$AS(e, t) {
		return this.update(e, t);
	}
	update(e, t) {
		return this.render(...t);
	}
}, { I: tt } = Fe, nt = (e) => e, rt = () => document.createComment(""), K = (e, t, n) => {
	let r = e._$AA.parentNode, i = t === void 0 ? e._$AB : t._$AA;
	if (n === void 0) n = new tt(r.insertBefore(rt(), i), r.insertBefore(rt(), i), e, e.options);
	else {
		let t = n._$AB.nextSibling, a = n._$AM, o = a !== e;
		if (o) {
			let t;
			n._$AQ?.(e), n._$AM = e, n._$AP !== void 0 && (t = e._$AU) !== a._$AU && n._$AP(t);
		}
		if (t !== i || o) {
			let e = n._$AA;
			for (; e !== t;) {
				let t = nt(e).nextSibling;
				nt(r).insertBefore(e, i), e = t;
			}
		}
	}
	return n;
}, q = (e, t, n = e) => (e._$AI(t, n), e), it = {}, at = (e, t = it) => e._$AH = t, ot = (e) => e._$AH, st = (e) => {
	e._$AR(), e._$AA.remove();
}, ct = (e, t, n) => {
	let r = /* @__PURE__ */ new Map();
	for (let i = t; i <= n; i++) r.set(e[i], i);
	return r;
}, lt = $e(class extends et {
	constructor(e) {
		if (super(e), e.type !== Qe.CHILD) throw Error("repeat() can only be used in text expressions");
	}
	dt(e, t, n) {
		let r;
		n === void 0 ? n = t : t !== void 0 && (r = t);
		let i = [], a = [], o = 0;
		for (let t of e) i[o] = r ? r(t, o) : o, a[o] = n(t, o), o++;
		return {
			values: a,
			keys: i
		};
	}
	render(e, t, n) {
		return this.dt(e, t, n).values;
	}
	update(e, [t, n, r]) {
		let i = ot(e), { values: a, keys: o } = this.dt(t, n, r);
		if (!Array.isArray(i)) return this.ut = o, a;
		let s = this.ut ??= [], c = [], l, u, d = 0, f = i.length - 1, p = 0, m = a.length - 1;
		for (; d <= f && p <= m;) if (i[d] === null) d++;
		else if (i[f] === null) f--;
		else if (s[d] === o[p]) c[p] = q(i[d], a[p]), d++, p++;
		else if (s[f] === o[m]) c[m] = q(i[f], a[m]), f--, m--;
		else if (s[d] === o[m]) c[m] = q(i[d], a[m]), K(e, c[m + 1], i[d]), d++, m--;
		else if (s[f] === o[p]) c[p] = q(i[f], a[p]), K(e, i[d], i[f]), f--, p++;
		else if (l === void 0 && (l = ct(o, p, m), u = ct(s, d, f)), l.has(s[d])) {
			if (l.has(s[f])) {
				let t = u.get(o[p]), n = t === void 0 ? null : i[t];
				if (n === null) {
					let t = K(e, i[d]);
					q(t, a[p]), c[p] = t;
				} else c[p] = q(n, a[p]), K(e, i[d], n), i[t] = null;
				p++;
			} else st(i[f]), f--;
		} else st(i[d]), d++;
		for (; p <= m;) {
			let t = K(e, c[m + 1]);
			q(t, a[p]), c[p++] = t;
		}
		for (; d <= f;) {
			let e = i[d++];
			e !== null && st(e);
		}
		return this.ut = o, at(e, c), A;
	}
}), ut = 1500, dt = class {
	#e;
	#t;
	#n = null;
	#r;
	#i = Promise.resolve();
	constructor(e, t) {
		this.#e = e, this.#t = t;
	}
	later(e) {
		clearTimeout(this.#r), this.#r = setTimeout(() => {
			this.#i = this.#i.then(() => this.#a(e));
		}, ut);
	}
	stop() {
		clearTimeout(this.#r);
	}
	async discard() {
		if (this.stop(), await this.#i, this.#n === null) return;
		let e = `/proxy/drafts/${encodeURIComponent(this.#n)}`;
		this.#n = null, await this.#e.call("DELETE", e).catch(() => void 0);
	}
	async #a(e) {
		try {
			let t = await e();
			this.#n === null ? this.#n = (await this.#e.call("POST", "/proxy/drafts", t)).id : await this.#e.call("PUT", `/proxy/drafts/${encodeURIComponent(this.#n)}`, t), this.#t(!0);
		} catch {
			this.#t(!1);
		}
	}
};
// src/files.ts
function ft(e, t) {
	let n = document.createElement("a");
	n.href = URL.createObjectURL(e), n.download = t, n.click(), setTimeout(() => URL.revokeObjectURL(n.href), 6e4);
}
async function pt(e) {
	let t = new Uint8Array(await e.arrayBuffer()), n = [];
	for (let e = 0; e < t.length; e += 32768) n.push(String.fromCharCode(...t.subarray(e, e + 32768)));
	return btoa(n.join(""));
}
// src/replying.ts
function mt(e, t, n) {
	if (t === "forward") return {
		to: "",
		cc: ""
	};
	let r = new Set(n.map((e) => e.toLowerCase())), i = (e) => e.filter((e) => !r.has(e.address.toLowerCase())), a = e.headers.find((e) => e.name.toLowerCase() === "reply-to")?.value, o = e.direction === "out", s = o ? J(e.to) : a ?? J([e.from]);
	return t === "reply" ? {
		to: s,
		cc: ""
	} : {
		to: [s, ...(o ? [] : i(e.to).filter((e) => !s.includes(e.address))).map((e) => J([e]))].join(", "),
		cc: J(i(e.cc))
	};
}
function ht(e, t) {
	let n = t === "forward" ? "Fwd" : "Re";
	return RegExp(`^\\s*${n}\\s*:`, "i").test(e.subject) ? e.subject : `${n}: ${e.subject}`;
}
function J(e) {
	return e.filter((e) => e.address !== "").map((e) => e.name ? `"${e.name.replace(/["\\]/g, "")}" <${e.address}>` : e.address).join(", ");
}
function Y(e) {
	return (e.match(/(?:"[^"]*"|[^,;"])+/g) ?? []).map((e) => e.trim()).filter((e) => e !== "");
}
// src/composer.ts
var gt = 10, _t = 18e6, X = class extends U {
	constructor(...e) {
		super(...e), this.answered = null, this.mode = null, this.to = "", this.fields = {
			to: "",
			cc: "",
			bcc: "",
			subject: "",
			text: ""
		}, this.from = "", this.aliases = [], this.files = [], this.draftState = "", this.countdown = null, this.busy = !1, this.key = crypto.randomUUID(), this.drafts = null, this.ask = (e) => {
			(this.countdown !== null || this.busy) && e.preventDefault();
		};
	}
	static {
		this.styles = [W, h`
      form {
        display: grid;
        gap: calc(var(--_gap) / 2);
      }
      label {
        display: grid;
        gap: 0.2em;
      }
      input,
      textarea,
      select {
        inline-size: 100%;
        min-inline-size: 0;
        background: var(--_paper);
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        padding: 0.4em;
      }
      textarea {
        min-block-size: 9em;
        resize: vertical;
      }
    `];
	}
	connectedCallback() {
		super.connectedCallback(), window.addEventListener("beforeunload", this.ask);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), window.removeEventListener("beforeunload", this.ask), this.drafts?.stop(), this.countdown !== null && this.send();
	}
	async load() {
		if (this.drafts = new dt(this.api, (e) => this.draftState = e ? "saved" : "failed"), this.fields = {
			...this.fields,
			to: this.to
		}, await this.doing(async () => {
			let { items: e } = await this.api.call("GET", "/proxy/aliases");
			this.aliases = e.filter((e) => e.verified), this.from = (e.find((e) => e.default) ?? e[0])?.address ?? "";
		}), this.answered && this.mode) {
			let e = this.aliases.map((e) => e.address), t = ht(this.answered, this.mode);
			this.fields = {
				...this.fields,
				...mt(this.answered, this.mode, e),
				subject: t
			};
		}
		await this.updateComplete, this.renderRoot.querySelector(this.answered && this.mode !== "forward" ? "textarea" : "input")?.focus();
	}
	write(e, t) {
		this.fields = {
			...this.fields,
			[e]: t
		}, this.drafts?.later(() => this.mail(!1));
	}
	async mail(e) {
		let { to: t, cc: n, bcc: r, subject: i, text: a } = this.fields, o = e ? this.files : [];
		return {
			to: Y(t),
			cc: Y(n),
			bcc: Y(r),
			subject: i,
			text: a,
			...this.from ? { from: this.from } : {},
			...this.answered && this.mode ? {
				reply_to_message: this.answered.id,
				mode: this.mode
			} : {},
			attachments: await Promise.all(o.map(async (e) => ({
				name: e.name,
				type: e.type || "application/octet-stream",
				data: await pt(e)
			})))
		};
	}
	begin(e) {
		e.preventDefault(), this.fault = null, this.countdown = gt, this.clock = setInterval(() => {
			this.countdown = (this.countdown ?? 1) - 1, this.countdown <= 0 && this.send();
		}, 1e3);
	}
	stopClock() {
		clearInterval(this.clock), this.countdown = null;
	}
	async send() {
		this.stopClock(), this.busy = !0;
		let t = await this.doing(async () => {
			await this.api.call("POST", "/proxy/messages", await this.mail(!0), { "Idempotency-Key": this.key });
		});
		this.busy = !1, this.fault instanceof e && this.fault.status === 422 && (this.key = crypto.randomUUID()), t && (await this.drafts?.discard(), this.close(!0));
	}
	async discard() {
		await this.drafts?.discard(), this.close(!1);
	}
	close(e) {
		this.dispatchEvent(new CustomEvent("gmail-composer-closed", { detail: { sent: e } }));
	}
	choose(e) {
		let t = [...this.files, ...e.files ?? []];
		e.value = "";
		let n = t.reduce((e, t) => e + t.size, 0) > _t;
		this.said = n ? this.say("compose.too_large") : "", n || (this.files = t);
	}
	render() {
		return k`<section class="card" aria-label=${this.say(this.mode ? `compose.${this.mode}` : "compose.new")}>
      ${this.fault ? k`<p class="wrong" role="alert">${this.explain(this.fault)}</p>` : j}
      <div role="status">${this.told()}</div>
      ${this.countdown === null ? this.form() : this.waiting()}
    </section>`;
	}
	told() {
		let e = this.draftState ? this.say(`compose.draft_${this.draftState}`) : "", t = this.said || (this.busy ? this.say("compose.sending") : e);
		return t ? k`<p class="quiet">${t}</p>` : j;
	}
	waiting() {
		return k`<div class="row">
      <span>${this.say("compose.goes_out", { n: this.countdown ?? 0 })}</span>
      <button class="main" @click=${() => this.stopClock()}>${this.say("compose.undo_send")}</button>
    </div>`;
	}
	form() {
		return k`<form @submit=${(e) => this.begin(e)}>
      ${this.aliases.length > 1 ? this.sender() : j} ${this.line("to", !0)} ${this.line("cc")}
      ${this.line("bcc")} ${this.line("subject")}
      <label>
        ${this.say("compose.text")}
        <textarea
          dir="auto"
          .value=${this.fields.text}
          @input=${(e) => this.write("text", e.target.value)}
        ></textarea>
      </label>
      ${this.chosenFiles()}
      <div class="row">
        <button class="main" type="submit" ?disabled=${this.busy}>${this.say("compose.send")}</button>
        <button type="button" @click=${() => this.discard()} ?disabled=${this.busy}>${this.say("compose.discard")}</button>
      </div>
    </form>`;
	}
	line(e, t = !1) {
		return k`<label>
      ${this.say(`compose.${e}`)}
      <input
        dir="auto"
        autocomplete="off"
        ?required=${t}
        .value=${this.fields[e]}
        @input=${(t) => this.write(e, t.target.value)}
      />
    </label>`;
	}
	sender() {
		return k`<label>
      ${this.say("compose.from")}
      <select @change=${(e) => this.from = e.target.value}>
        ${this.aliases.map((e) => k`<option value=${e.address} ?selected=${e.address === this.from}>
            ${e.name ? `${e.name} <${e.address}>` : e.address}
          </option>`)}
      </select>
    </label>`;
	}
	chosenFiles() {
		return k`<label>
        ${this.say("compose.files")}
        <input type="file" multiple @change=${(e) => this.choose(e.target)} />
      </label>
      ${this.files.length > 0 ? k`<ul class="plain row">
            ${this.files.map((e) => k`<li>
                <bdi>${e.name}</bdi> · ${this.formats.size(e.size)}
                <button
                  type="button"
                  class="plain"
                  aria-label=${this.say("compose.remove_of", { name: e.name })}
                  @click=${() => this.files = this.files.filter((t) => t !== e)}
                >
                  ${this.say("compose.remove")}
                </button>
              </li>`)}
          </ul>` : j}`;
	}
};
H([z({ attribute: !1 })], X.prototype, "answered", void 0), H([z({ attribute: !1 })], X.prototype, "mode", void 0), H([z()], X.prototype, "to", void 0), H([B()], X.prototype, "fields", void 0), H([B()], X.prototype, "from", void 0), H([B()], X.prototype, "aliases", void 0), H([B()], X.prototype, "files", void 0), H([B()], X.prototype, "draftState", void 0), H([B()], X.prototype, "countdown", void 0), H([B()], X.prototype, "busy", void 0), X = H([R("gmail-composer")], X);
// src/contact-card.ts
function vt(e, t, n) {
	return k`<section class="card" aria-labelledby="contact">
      <h2 id="contact"><bdi>${e.name}</bdi></h2>
      <p><span class="chip">${t(`kind.${e.kind}`)}</span></p>
      <ul class="plain" aria-label=${t("contact.addresses")}>
        ${e.addresses.map((n, r) => k`<li class="address">
            ${n}
            ${r === 0 && e.addresses.length > 1 ? k`<span class="quiet">(${t("contact.primary")})</span>` : j}
          </li>`)}
      </ul>
    </section>
    <section class="card" aria-labelledby="deals">
      <h2 id="deals">${t("deals.title")}</h2>
      ${e.deals.length === 0 ? k`<p class="quiet">${t("deals.none")}</p>` : k`<ul class="plain">
            ${e.deals.map((e) => yt(e, t, n))}
          </ul>`}
    </section>`;
}
function yt(e, t, n) {
	let r = e.closing_date ? t("deals.closes", { date: n.day(e.closing_date) }) : t("deals.no_date");
	return k`<li class="line">
    <bdi>${e.name}</bdi>
    <div class="quiet">
      <span class="chip ${e.state}">${t(`state.${e.state}`)}</span> ${r}
      ${e.amount === null ? j : n.number(e.amount)}
    </div>
  </li>`;
}
// src/mail-row.ts
var bt = h`
  li.mail {
    border-block-end: 1px solid var(--_line);
    /* Rows out of sight are not laid out: a list of a thousand scrolls like one of ten. */
    content-visibility: auto;
    contain-intrinsic-size: auto 5.5rem;
  }
  li.mail:last-child {
    border: 0;
  }
  .head {
    inline-size: 100%;
    border: 0;
    border-radius: 0;
    font-weight: 400;
    text-align: start;
    padding: calc(var(--_gap) * 0.6) calc(var(--_gap) * 0.75);
    display: grid;
    gap: 0.1em;
  }
  .head:hover,
  .head[aria-expanded="true"] {
    background: var(--_ground);
  }
  .head:focus-visible {
    outline-offset: -3px;
  }
  .first {
    display: flex;
    justify-content: space-between;
    gap: 1em;
  }
  .first bdi,
  .snippet {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .first time {
    white-space: nowrap;
  }
  .unread .subject,
  .unread .first bdi {
    font-weight: 700;
  }
  .body {
    padding: 0 calc(var(--_gap) * 0.75) var(--_gap);
  }
`;
function xt(e, t, n, r, i, a) {
	let o = [];
	return e.unread && o.push(k`<span class="chip strong">${i("mail.unread")}</span>`), e.category && o.push(k`<span class="chip ${e.category}">${i(`category.${e.category}`)}</span>`), e.direction === "out" && o.push(k`<span class="chip">${i("mail.sent")}</span>`), e.owner.you || o.push(k`<span class="chip">${i("mail.of", { name: e.owner.name })}</span>`), e.has_attachments && o.push(k`<span class="chip">${i("mail.files")}</span>`), k`<button
    class="head ${e.unread ? "unread" : ""}"
    aria-expanded=${t}
    aria-controls=${t ? n : j}
    @click=${r}
  >
    <span class="first">
      <bdi>${e.from.name || e.from.address}</bdi>
      <time class="quiet" datetime=${e.date}>${a.moment(e.date)}</time>
    </span>
    <bdi class="subject">${e.subject || i("mail.no_subject")}</bdi>
    <bdi class="snippet quiet">${e.snippet}</bdi>
    ${o.length > 0 ? k`<span class="chips">${o}</span>` : j}
  </button>`;
}
// src/explanation.ts
function St(e, t, n) {
	return k`<section class="card" aria-label=${t("label.why")}>
    ${e.contact ? k`<p>${t("why.contact")} <bdi>${e.contact.name}</bdi></p>` : j}
    <p><strong>${e.rule}</strong></p>
    ${e.causes.map((e) => k`<p>${e.sentence}</p>`)}
    ${e.deals.length > 0 ? k`<h3>${t("why.deals")}</h3>
          <ul>
            ${e.deals.map((e) => k`<li><bdi>${e.name}</bdi>: ${e.sentence}</li>`)}
          </ul>` : j}
    ${e.rejected.length > 0 ? k`<h3>${t("why.rejected")}</h3>
          <ul>
            ${e.rejected.map((e) => k`<li>${t(`category.${e.category}`)}: ${e.because}</li>`)}
          </ul>` : j}
    <p class="quiet">
      ${e.facts.last_run_at ? t("why.last_run", { time: n.moment(e.facts.last_run_at) }) : t("why.no_run")}
    </p>
  </section>`;
}
// src/frame.ts
var Ct = "allow-popups allow-popups-to-escape-sandbox", wt = "margin:12px;background:#fff;color:#222;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere", Tt = /^image\/(png|jpeg|gif|webp)$/, Et = /<(?:p|div|br|tr|li|h[1-6]|hr|pre|blockquote)\b/g, Dt = 24, Ot = 7.5, kt = 120, At = {
	least: 96,
	most: 720
};
function jt(e, t, n) {
	return `<!doctype html><meta http-equiv="Content-Security-Policy" content="${`default-src 'none'; img-src ${t ? "data: https: http:" : "data:"}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`}"><meta charset="utf-8"><meta name="referrer" content="no-referrer"><base target="_blank"><body style="${wt}">${Mt(e, n)}`;
}
function Mt(e, t) {
	let n = /<([a-z0-9]+)[^>]*\sdata-quoted="true"[^>]*>/.exec(e);
	if (!n?.[1]) return e;
	let r = Nt(n[1], e, n.index + n[0].length), i = t.replace(/[<>&"']/g, ""), a = e.slice(n.index, r);
	return `${e.slice(0, n.index)}<details><summary>${i}</summary>${a}</details>${e.slice(r)}`;
}
function Nt(e, t, n) {
	let r = RegExp(`<(/?)${e}\\b[^>]*>`, "g");
	r.lastIndex = n;
	let i = 1;
	for (let e = r.exec(t); e; e = r.exec(t)) if (i += e[1] ? -1 : 1, i === 0) return e.index + e[0].length;
	return t.length;
}
async function Pt(e, t, n) {
	let r = t;
	for (let { id: t } of e.attachments) {
		let e = RegExp(`(<img[^>]*\\ssrc=")[^"]*/attachments/${t.replace(/[^A-Za-z0-9]/g, "\\$&")}(?=")`, "g");
		if (!e.test(r)) continue;
		let i = await n(t).then(Ft, () => "");
		r = r.replace(e, (e, t) => t + i);
	}
	return r;
}
async function Ft(e) {
	return Tt.test(e.type) ? new Promise((t, n) => {
		let r = new FileReader();
		r.onload = () => t(String(r.result)), r.onerror = () => n(r.error), r.readAsDataURL(e);
	}) : "";
}
function It(e, t) {
	let n = e.replace(/<details>[\s\S]*<\/details>/, "<br>"), r = n.replace(/<[^>]*>/g, "").length, i = (n.match(Et) ?? []).length + r * Ot / Math.max(200, t), a = [...n.matchAll(/<img\b[^>]*>/g)].map((e) => Lt(e[0])), o = i * Dt + a.reduce((e, t) => e + t, 0) + 48;
	return Math.round(Math.min(At.most, Math.max(At.least, o)));
}
function Lt(e) {
	let t = /\sheight="(\d+)/.exec(e)?.[1];
	return t === void 0 ? kt : Number(t);
}
// src/message.ts
var Rt = [
	"reply",
	"reply_all",
	"forward"
], Z = class extends U {
	constructor(...e) {
		super(...e), this.given = null, this.message = null, this.document = null, this.height = 0, this.why = null, this.thread = null, this.answering = null;
	}
	static {
		this.styles = [W, h`
      iframe {
        inline-size: 100%;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: #fff;
        display: block;
        resize: vertical;
      }
      .text {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .row,
      details {
        margin-block: calc(var(--_gap) / 2);
      }
      summary {
        cursor: pointer;
        color: var(--_main);
      }
    `];
	}
	get path() {
		let { mailbox: e, id: t } = this.summary;
		return `/proxy/mailboxes/${encodeURIComponent(e)}/messages/${encodeURIComponent(t)}`;
	}
	async load() {
		await this.doing(async () => this.show(this.given ?? await this.api.call("GET", this.path))), this.message?.unread && this.message.owner.you && this.markRead();
	}
	async show(e) {
		if (e.html !== null) {
			let t = await Pt(e, e.html, (e) => this.bytes(e));
			this.document = jt(t, e.images === "show", this.say("message.earlier")), this.height ||= It(this.document, this.clientWidth);
		}
		this.message = e;
	}
	async markRead() {
		let e = `/proxy/messages/${encodeURIComponent(this.summary.id)}/flags`;
		await this.api.call("POST", e, { read: !0 }).then(() => this.changed("read"), () => void 0);
	}
	changed(e) {
		let t = {
			what: e,
			id: this.summary.id
		};
		this.dispatchEvent(new CustomEvent("gmail-changed", {
			detail: t,
			bubbles: !0,
			composed: !0
		}));
	}
	async bytes(e) {
		return (await this.api.raw("GET", `${this.path}/attachments/${encodeURIComponent(e)}`)).blob();
	}
	async showPictures() {
		await this.doing(async () => this.show(await this.api.call("GET", `${this.path}?images=show`)));
	}
	async saveFile(e) {
		await this.doing(async () => ft(await this.bytes(e.id), e.name || e.id));
	}
	async ask() {
		if (this.why) {
			this.why = null;
			return;
		}
		let e = `/labeler/explain/${encodeURIComponent(this.summary.id)}`;
		await this.doing(async () => {
			this.why = await this.api.call("GET", e);
		});
	}
	async undo() {
		await this.doing(async () => {
			let e = await this.api.call("POST", "/labeler/undo", { message: this.summary.id });
			this.why = null, this.said = this.say(e.reversed > 0 ? "label.undone" : "label.not_undone"), e.reversed > 0 && this.changed("undone");
		});
	}
	async readThread() {
		let { mailbox: e, thread_id: t } = this.summary, n = `/proxy/mailboxes/${encodeURIComponent(e)}/threads/${encodeURIComponent(t)}`;
		await this.doing(async () => {
			this.thread = (await this.api.call("GET", n)).items;
		});
	}
	render() {
		let { message: e } = this;
		return k`
      <div role="status">${this.said ? k`<p class="quiet">${this.said}</p>` : j}</div>
      ${this.fault ? this.wrong() : j}
      ${e ? this.opened(e) : j}
      ${e || this.fault ? j : k`<p class="quiet" aria-busy="true">${this.say("list.loading")}</p>`}
    `;
	}
	wrong() {
		return k`<p class="wrong" role="alert">${this.explain(this.fault)}</p>
      ${this.message ? j : k`<button @click=${() => this.load()}>${this.say("list.again")}</button>`}`;
	}
	opened(e) {
		return k`
      <p class="quiet">
        ${this.people("message.to", e.to)} ${e.cc.length > 0 ? this.people("message.cc", e.cc) : j}
      </p>
      ${e.verified === !1 ? k`<p class="quiet">⚠ ${this.say("message.unverified")}</p>` : j}
      ${e.notes.map((e) => this.note(e))} ${this.pictures(e)} ${this.body(e)}
      ${this.files(e)} ${this.label(e)} ${this.conversation(e)} ${this.answer(e)}
    `;
	}
	people(e, t) {
		return k`<bdi>${this.say(e, { names: t.map((e) => e.name || e.address).join(", ") })}</bdi>`;
	}
	note(e) {
		let t = `note.${e}`;
		return k`<p class="quiet">${this.say(Ue(t) ? t : "note.other")}</p>`;
	}
	pictures(e) {
		return e.remote_images === 0 || e.images === "show" ? j : k`<div class="row">
      <span class="quiet">${this.say("message.pictures_blocked", { n: e.remote_images })}</span>
      <button @click=${() => this.showPictures()}>${this.say("message.pictures_show")}</button>
    </div>`;
	}
	body(e) {
		if (this.document !== null) return k`<iframe
          sandbox=${Ct}
          referrerpolicy="no-referrer"
          title=${this.say("message.frame")}
          height=${this.height}
          .srcdoc=${this.document}
        ></iframe>
        <button class="plain" @click=${() => this.height = Math.round(this.height * 1.8)}>
          ${this.say("message.taller")}
        </button>`;
		if (!e.text.trim()) return k`<p class="quiet">${this.say("message.empty")}</p>`;
		let t = e.text.split("\n"), n = e.quote_line ?? t.length;
		return k`<div class="text" dir="auto">${t.slice(0, n).join("\n").trimEnd()}</div>
      ${n < t.length ? k`<details>
            <summary>${this.say("message.earlier")}</summary>
            <div class="text quiet" dir="auto">${t.slice(n).join("\n")}</div>
          </details>` : j}`;
	}
	files(e) {
		let t = e.attachments.filter((t) => !t.inline || e.html === null);
		return t.length === 0 ? j : k`<div class="row" role="group" aria-label=${this.say("message.files")}>
      ${t.map((e) => k`<button @click=${() => this.saveFile(e)}>
          <bdi>${e.name || e.id}</bdi> · ${this.formats.size(e.size)}
        </button>`)}
    </div>`;
	}
	label(e) {
		if (!e.owner.you || e.direction === "out") return j;
		let t = e.category ? `category.${e.category}` : "label.none";
		return k`<div class="row">
        <span class="chip ${e.category ?? ""}">${this.say(t)}</span>
        <button class="plain" aria-expanded=${this.why !== null} @click=${() => this.ask()}>
          ${this.say("label.why")}
        </button>
        ${e.category ? k`<button class="plain" @click=${() => this.undo()}>${this.say("label.undo")}</button>` : j}
      </div>
      ${this.why ? St(this.why, (e, t) => this.say(e, t), this.formats) : j}`;
	}
	conversation(e) {
		if (this.given) return j;
		if (this.thread === null) return k`<p><button class="plain" @click=${() => this.readThread()}>${this.say("thread.show")}</button></p>`;
		let t = this.thread.filter((t) => t.id !== e.id);
		return t.length === 0 ? k`<p class="quiet" role="status">${this.say("thread.alone")}</p>` : k`<h3>${this.say("thread.title")}</h3>
      ${t.map((e) => k`<details>
          <summary><bdi>${e.from.name || e.from.address}</bdi> · ${this.formats.moment(e.date)}</summary>
          <gmail-message .endpoint=${this.endpoint} .token=${this.token} .summary=${e} .given=${e}></gmail-message>
        </details>`)}`;
	}
	answer(e) {
		return e.owner.you ? this.answering === null ? k`<div class="row">
        ${Rt.map((e) => k`<button @click=${() => this.answering = e}>${this.say(`compose.${e}`)}</button>`)}
      </div>` : k`<gmail-composer
      .endpoint=${this.endpoint}
      .token=${this.token}
      .answered=${e}
      .mode=${this.answering}
      @gmail-composer-closed=${(e) => this.answered(e.detail.sent)}
    ></gmail-composer>` : j;
	}
	answered(e) {
		this.answering = null, e && (this.said = this.say("compose.sent"), this.changed("sent"));
	}
};
H([z({ attribute: !1 })], Z.prototype, "summary", void 0), H([z({ attribute: !1 })], Z.prototype, "given", void 0), H([B()], Z.prototype, "message", void 0), H([B()], Z.prototype, "document", void 0), H([B()], Z.prototype, "height", void 0), H([B()], Z.prototype, "why", void 0), H([B()], Z.prototype, "thread", void 0), H([B()], Z.prototype, "answering", void 0), Z = H([R("gmail-message")], Z);
// src/shares.ts
async function zt(e, t) {
	let n = null;
	do {
		let r = n === null ? "" : `&cursor=${encodeURIComponent(n)}`, i = await e.call("GET", `/oauth/mailbox/shares?limit=1000${r}`);
		if (i.items.some((e) => e.contact_id === t)) return !0;
		n = i.next_cursor;
	} while (n !== null);
	return !1;
}
async function Bt(e, t, n) {
	await e.call(n ? "PUT" : "DELETE", `/oauth/mailbox/shares/${encodeURIComponent(t)}`);
}
// src/record.ts
var Vt = 25, Q = class extends U {
	constructor(...e) {
		super(...e), this.contactId = "", this.settingsUrl = null, this.contact = null, this.mails = [], this.sources = [], this.next = null, this.open = null, this.composing = !1, this.offline = !navigator.onLine, this.loadingMore = !1, this.mailbox = void 0, this.isShared = null, this.onLine = () => {
			this.offline = !navigator.onLine, this.offline || this.refresh();
		};
	}
	static {
		this.styles = [
			W,
			bt,
			h`
      :host {
        container-type: inline-size;
      }
      .columns {
        display: grid;
        gap: var(--_gap);
        grid-template-columns: minmax(0, 1fr);
      }
      @container (min-width: 48rem) {
        .columns {
          grid-template-columns: minmax(14rem, 19rem) minmax(0, 1fr);
          align-items: start;
        }
      }
      .line {
        padding-block: 0.4em;
      }
      .address {
        overflow-wrap: anywhere;
      }
      .list {
        padding: 0;
        overflow: clip;
      }
      .top {
        justify-content: space-between;
        margin-block-end: calc(var(--_gap) / 2);
      }
      .top h2 {
        margin: 0;
      }
    `
		];
	}
	connectedCallback() {
		super.connectedCallback(), window.addEventListener("online", this.onLine), window.addEventListener("offline", this.onLine);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), window.removeEventListener("online", this.onLine), window.removeEventListener("offline", this.onLine);
	}
	willUpdate(e) {
		super.willUpdate(e), e.has("contactId") && e.get("contactId") !== void 0 && !e.has("token") && (this.contact = null, this.mails = [], this.load());
	}
	async refresh() {
		await this.load();
	}
	pagePath(e) {
		let t = e === null ? "" : `&cursor=${encodeURIComponent(e)}`;
		return `/proxy/contacts/${encodeURIComponent(this.contactId)}/messages?limit=${Vt}${t}`;
	}
	async load() {
		if (this.contactId === "") return;
		this.loadSharing();
		let { said: e } = this;
		await this.doing(async () => {
			let t = await this.api.call("GET", this.pagePath(null));
			this.contact = t.contact, this.mails = t.items, this.sources = t.sources, this.next = t.next_cursor, this.said = e;
		});
	}
	async loadSharing() {
		try {
			this.mailbox = await this.api.mailbox();
			let e = this.mailbox?.settings.sharing === "custom";
			this.isShared = e ? await zt(this.api, this.contactId) : null;
		} catch {
			this.mailbox = void 0;
		}
	}
	async more() {
		this.loadingMore = !0;
		let e = this.mails.length;
		await this.doing(async () => {
			let e = await this.api.call("GET", this.pagePath(this.next));
			this.mails = [...this.mails, ...e.items], this.sources = e.sources, this.next = e.next_cursor;
		}), this.loadingMore = !1, await this.updateComplete, this.renderRoot.querySelectorAll("li.mail > .head")[e]?.focus();
	}
	async share(e) {
		await this.doing(async () => {
			await Bt(this.api, this.contactId, e), this.said = this.say(e ? "share.on" : "share.off"), this.isShared = e;
		});
	}
	changed(e) {
		let { what: t, id: n } = e.detail;
		t === "read" ? this.mails = this.mails.map((e) => e.id === n ? {
			...e,
			unread: !1
		} : e) : this.refresh();
	}
	closed(e) {
		this.composing = !1, e && (this.said = this.say("compose.sent"), this.refresh());
	}
	render() {
		return k`
      <div role="status">${this.said ? k`<p class="quiet">${this.said}</p>` : j}</div>
      ${this.offline ? k`<p class="wrong card" role="alert">${this.say("problem.offline")}</p>` : j}
      ${this.fault && !this.offline ? this.wrong() : j} ${this.contact ? this.page(this.contact) : this.waiting()}
    `;
	}
	waiting() {
		return this.fault ? j : k`<section class="card" aria-busy="true"><p class="quiet">${this.say("mail.loading")}</p></section>`;
	}
	wrong() {
		return k`<section class="card">
      <p class="wrong" role="alert">${this.explain(this.fault)}</p>
      <button @click=${() => this.refresh()}>${this.say("list.again")}</button>
    </section>`;
	}
	page(e) {
		return k`<div class="columns">
      <div>${vt(e, (e, t) => this.say(e, t), this.formats)}</div>
      <section aria-labelledby="mail">
        <div class="row top">
          <h2 id="mail">${this.say("mail.title")}</h2>
          ${this.mailbox ? this.tools() : j}
        </div>
        ${this.composing ? this.composer(e) : j} ${this.sources.map((e) => this.source(e))}
        ${this.mailbox === null ? k`<p class="card">${this.say("mail.not_connected")} ${this.toSettings()}</p>` : j}
        ${this.list()}
      </section>
    </div>`;
	}
	tools() {
		return k`<div class="row">
      ${this.isShared === null ? j : k`<label class="row">
            <input
              type="checkbox"
              .checked=${this.isShared}
              @change=${(e) => this.share(e.target.checked)}
            />
            ${this.say("share.email")}
          </label>`}
      <button ?disabled=${this.composing} @click=${() => this.composing = !0}>${this.say("compose.new")}</button>
    </div>`;
	}
	composer(e) {
		return k`<gmail-composer
      .endpoint=${this.endpoint}
      .token=${this.token}
      .to=${e.addresses[0] ?? ""}
      @gmail-composer-closed=${(e) => this.closed(e.detail.sent)}
    ></gmail-composer>`;
	}
	source(e) {
		if (e.status === "ok") return j;
		let t = `source.${e.status}`, n = e.owner.you && e.status !== "late" && e.status !== "throttled";
		return k`<p class="card" role="status">
      ${this.say(Ue(t) ? t : "source.down", { name: e.owner.name })} ${n ? this.toSettings() : j}
    </p>`;
	}
	toSettings() {
		return this.settingsUrl ? k`<a href=${this.settingsUrl}>${this.say("mail.to_settings")}</a>` : j;
	}
	list() {
		return this.mails.length === 0 ? k`<p class="card quiet">${this.say("mail.none")}</p>` : k`<ul class="plain card list" @gmail-changed=${(e) => this.changed(e)}>
        ${lt(this.mails, (e) => Ht(e), (e) => this.row(e))}
      </ul>
      ${this.next ? k`<button ?disabled=${this.loadingMore} @click=${() => this.more()}>${this.say("mail.more")}</button>` : j}`;
	}
	row(e) {
		let t = Ht(e), n = this.open === t;
		return k`<li class="mail">
      ${xt(e, n, `mail-${t}`, () => {
			this.open = n ? null : t;
		}, (e, t) => this.say(e, t), this.formats)}
      ${n ? k`<div class="body" id=${`mail-${t}`}>
            <gmail-message .endpoint=${this.endpoint} .token=${this.token} .summary=${e}></gmail-message>
          </div>` : j}
    </li>`;
	}
};
H([z({ attribute: "contact-id" })], Q.prototype, "contactId", void 0), H([z({ attribute: "settings-url" })], Q.prototype, "settingsUrl", void 0), H([B()], Q.prototype, "contact", void 0), H([B()], Q.prototype, "mails", void 0), H([B()], Q.prototype, "sources", void 0), H([B()], Q.prototype, "next", void 0), H([B()], Q.prototype, "open", void 0), H([B()], Q.prototype, "composing", void 0), H([B()], Q.prototype, "offline", void 0), H([B()], Q.prototype, "loadingMore", void 0), H([B()], Q.prototype, "mailbox", void 0), H([B()], Q.prototype, "isShared", void 0), Q = H([R("gmail-record")], Q);
function Ht(e) {
	return `${e.mailbox}-${e.id}`;
}
// src/settings.ts
var Ut = [
	"private",
	"custom",
	"public"
], $ = class extends U {
	constructor(...e) {
		super(...e), this.returnUrl = null, this.mailbox = void 0, this.draft = null, this.blockedUrl = null, this.visibility = null, this.preview = null, this.receipt = null, this.leaving = !1, this.attempt = new AbortController();
	}
	static {
		this.styles = [W, h`
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
		return k`
      <div role="status">${this.said ? k`<p class="quiet">${this.said}</p>` : j}</div>
      ${this.fault ? k`<p class="wrong" role="alert">${this.sentence(this.fault)}</p>` : j}
      ${this.account()} ${this.mailbox && this.draft ? this.form(this.mailbox, this.draft) : j}
      ${this.mailbox ? this.held() : j} ${this.receipt ? this.receiptCard(this.receipt) : j}
    `;
	}
	sentence(t) {
		return t instanceof e && t.code === "consent_expired" ? this.say("settings.expired") : this.explain(t);
	}
	account() {
		let { mailbox: e } = this;
		return e === void 0 ? k`<section class="card" aria-busy="true"><p class="quiet">${this.say("list.loading")}</p></section>` : k`<section class="card">
      <h2>${this.say("settings.account")}</h2>
      ${e ? this.connected(e) : k`<p>${this.say("settings.none")}</p>`}
      ${this.blockedUrl ? k`<p>
            ${this.say("settings.blocked")}
            <a href=${this.blockedUrl} target="_blank" rel="opener">${this.say("settings.open_by_hand")}</a>
          </p>` : j}
      <div class="row">
        ${!e || e.status === "needs_reconnect" ? k`<button class="main" @click=${() => this.authenticate()}>
              ${this.say(e ? "settings.reconnect" : "settings.authenticate")}
            </button>` : j}
        ${e ? this.accountButtons(e) : j}
      </div>
      ${this.leaving ? this.farewell() : j}
    </section>`;
	}
	connected(e) {
		return k`<p>
        ${this.say("settings.connected_to")} <bdi>${e.email}</bdi>
        <span class="chip">${this.say(`status.${e.status}`)}</span>
      </p>
      <p class=${e.health.act ? "wrong" : "quiet"}>${e.health.detail}</p>`;
	}
	accountButtons(e) {
		let t = e.status === "paused";
		return k`<button @click=${() => this.pause(!t)}>
        ${this.say(t ? "settings.resume" : "settings.pause")}
      </button>
      <button aria-expanded=${this.leaving} @click=${() => this.leaving = !this.leaving}>
        ${this.say("settings.disconnect")}
      </button>`;
	}
	farewell() {
		return k`<p>${this.say("settings.farewell")}</p>
      <div class="row">
        <button @click=${() => this.disconnect("keep")}>${this.say("settings.leave_keep")}</button>
        <button @click=${() => this.disconnect("remove")}>${this.say("settings.leave_remove")}</button>
      </div>`;
	}
	form(e, t) {
		let n = e.settings.fixed.includes("sharing");
		return k`<form class="card" @submit=${(e) => this.save(e)}>
      <fieldset ?disabled=${n}>
        <legend>${this.say("settings.sharing")}</legend>
        ${n ? k`<p class="quiet">${this.say("settings.fixed_by_admin")}</p>` : j}
        ${Ut.map((e) => this.sharingOption(e, t))} ${this.visibilitySentence()}
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
		return k`<label class="option">
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
		if (!e) return j;
		let { newly_visible: t, no_longer_visible: n } = e;
		return k`<p role="status">
      ${t.contacts > 0 ? this.say("sharing.newly", {
			colleagues: t.colleagues,
			contacts: t.contacts
		}) : j}
      ${n.contacts > 0 ? this.say("sharing.no_longer", {
			colleagues: n.colleagues,
			contacts: n.contacts
		}) : j}
      ${t.contacts + n.contacts === 0 ? this.say("sharing.no_change") : j}
    </p>`;
	}
	tick(e, t, n, r) {
		return k`<label class="option">
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
        ${this.say(`feature.${e}_means`)} ${n ? this.say("feature.needs_mailmagnet") : j}
      </p>`;
	}
	labelsForeseen(e, t) {
		if (!t.labels || e.settings.labels) return j;
		let n = this.preview;
		return k`<p>
      <button type="button" @click=${() => this.foreseeLabels()}>${this.say("labels.preview")}</button>
      ${n ? k`<span role="status">${this.say("labels.would_leave", { n: n.leaves_inbox })}</span>` : j}
    </p>`;
	}
	progress(e) {
		let { state: t, done: n, total: r } = e.labeling;
		return t === "backfill" ? k`<label>
      ${this.say("labels.backfill", {
			done: this.formats.number(n),
			total: this.formats.number(r)
		})}
      <progress max=${r} value=${n}></progress>
    </label>` : j;
	}
	held() {
		return k`<section class="card">
      <h2>${this.say("held.title")}</h2>
      <p class="quiet">${this.say("held.means")}</p>
      <button @click=${() => this.exportHeld()}>${this.say("held.export")}</button>
    </section>`;
	}
	receiptCard(e) {
		let t = (e) => this.say(e ? "receipt.yes" : "receipt.no");
		return k`<section class="card" role="status">
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
H([z({ attribute: "return-url" })], $.prototype, "returnUrl", void 0), H([B()], $.prototype, "mailbox", void 0), H([B()], $.prototype, "draft", void 0), H([B()], $.prototype, "blockedUrl", void 0), H([B()], $.prototype, "visibility", void 0), H([B()], $.prototype, "preview", void 0), H([B()], $.prototype, "receipt", void 0), H([B()], $.prototype, "leaving", void 0), $ = H([R("gmail-settings")], $);
export { G as GmailNotices, Q as GmailRecord, $ as GmailSettings, e as Problem, s as handTicketBack };

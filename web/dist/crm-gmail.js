// node_modules/@lit/reactive-element/css-tag.js
var e = globalThis, t = e.ShadowRoot && (e.ShadyCSS === void 0 || e.ShadyCSS.nativeShadow) && "adoptedStyleSheets" in Document.prototype && "replace" in CSSStyleSheet.prototype, n = Symbol(), r = /* @__PURE__ */ new WeakMap(), i = class {
	constructor(e, t, r) {
		if (this._$cssResult$ = !0, r !== n) throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");
		this.cssText = e, this.t = t;
	}
	get styleSheet() {
		let e = this.o, n = this.t;
		if (t && e === void 0) {
			let t = n !== void 0 && n.length === 1;
			t && (e = r.get(n)), e === void 0 && ((this.o = e = new CSSStyleSheet()).replaceSync(this.cssText), t && r.set(n, e));
		}
		return e;
	}
	toString() {
		return this.cssText;
	}
}, a = (e) => new i(typeof e == "string" ? e : e + "", void 0, n), o = (e, ...t) => new i(e.length === 1 ? e[0] : t.reduce((t, n, r) => t + ((e) => {
	if (!0 === e._$cssResult$) return e.cssText;
	if (typeof e == "number") return e;
	throw Error("Value passed to 'css' function must be a 'css' function result: " + e + ". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.");
})(n) + e[r + 1], e[0]), e, n), s = (n, r) => {
	if (t) n.adoptedStyleSheets = r.map((e) => e instanceof CSSStyleSheet ? e : e.styleSheet);
	else for (let t of r) {
		let r = document.createElement("style"), i = e.litNonce;
		i !== void 0 && r.setAttribute("nonce", i), r.textContent = t.cssText, n.appendChild(r);
	}
}, c = t ? (e) => e : (e) => e instanceof CSSStyleSheet ? ((e) => {
	let t = "";
	for (let n of e.cssRules) t += n.cssText;
	return a(t);
})(e) : e, { is: l, defineProperty: u, getOwnPropertyDescriptor: d, getOwnPropertyNames: f, getOwnPropertySymbols: p, getPrototypeOf: m } = Object, ee = globalThis, te = ee.trustedTypes, ne = te ? te.emptyScript : "", re = ee.reactiveElementPolyfillSupport, h = (e, t) => e, ie = {
	toAttribute(e, t) {
		switch (t) {
			case Boolean:
				e = e ? ne : null;
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
}, ae = (e, t) => !l(e, t), oe = {
	attribute: !0,
	type: String,
	converter: ie,
	reflect: !1,
	useDefault: !1,
	hasChanged: ae
};
Symbol.metadata ??= Symbol("metadata"), ee.litPropertyMetadata ??= /* @__PURE__ */ new WeakMap();
var g = class extends HTMLElement {
	static addInitializer(e) {
		this._$Ei(), (this.l ??= []).push(e);
	}
	static get observedAttributes() {
		return this.finalize(), this._$Eh && [...this._$Eh.keys()];
	}
	static createProperty(e, t = oe) {
		if (t.state && (t.attribute = !1), this._$Ei(), this.prototype.hasOwnProperty(e) && ((t = Object.create(t)).wrapped = !0), this.elementProperties.set(e, t), !t.noAccessor) {
			let n = Symbol(), r = this.getPropertyDescriptor(e, n, t);
			r !== void 0 && u(this.prototype, e, r);
		}
	}
	static getPropertyDescriptor(e, t, n) {
		let { get: r, set: i } = d(this.prototype, e) ?? {
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
		return this.elementProperties.get(e) ?? oe;
	}
	static _$Ei() {
		if (this.hasOwnProperty(h("elementProperties"))) return;
		let e = m(this);
		e.finalize(), e.l !== void 0 && (this.l = [...e.l]), this.elementProperties = new Map(e.elementProperties);
	}
	static finalize() {
		if (this.hasOwnProperty(h("finalized"))) return;
		if (this.finalized = !0, this._$Ei(), this.hasOwnProperty(h("properties"))) {
			let e = this.properties, t = [...f(e), ...p(e)];
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
			for (let e of n) t.unshift(c(e));
		} else e !== void 0 && t.push(c(e));
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
		return s(e, this.constructor.elementStyles), e;
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
			let i = (n.converter?.toAttribute === void 0 ? ie : n.converter).toAttribute(t, n.type);
			this._$Em = e, i == null ? this.removeAttribute(r) : this.setAttribute(r, i), this._$Em = null;
		}
	}
	_$AK(e, t) {
		let n = this.constructor, r = n._$Eh.get(e);
		if (r !== void 0 && this._$Em !== r) {
			let e = n.getPropertyOptions(r), i = typeof e.converter == "function" ? { fromAttribute: e.converter } : e.converter?.fromAttribute === void 0 ? ie : e.converter;
			this._$Em = r;
			let a = i.fromAttribute(t, e.type);
			this[r] = a ?? this._$Ej?.get(r) ?? a, this._$Em = null;
		}
	}
	requestUpdate(e, t, n, r = !1, i) {
		if (e !== void 0) {
			let a = this.constructor;
			if (!1 === r && (i = this[e]), n ??= a.getPropertyOptions(e), !((n.hasChanged ?? ae)(i, t) || n.useDefault && n.reflect && i === this._$Ej?.get(e) && !this.hasAttribute(a._$Eu(e, n)))) return;
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
g.elementStyles = [], g.shadowRootOptions = { mode: "open" }, g[h("elementProperties")] = /* @__PURE__ */ new Map(), g[h("finalized")] = /* @__PURE__ */ new Map(), re?.({ ReactiveElement: g }), (ee.reactiveElementVersions ??= []).push("2.1.2");
// node_modules/lit-html/lit-html.js
var se = globalThis, ce = (e) => e, le = se.trustedTypes, ue = le ? le.createPolicy("lit-html", { createHTML: (e) => e }) : void 0, de = "$lit$", _ = `lit$${Math.random().toFixed(9).slice(2)}$`, fe = "?" + _, pe = `<${fe}>`, v = document, me = () => v.createComment(""), y = (e) => e === null || typeof e != "object" && typeof e != "function", he = Array.isArray, ge = (e) => he(e) || typeof e?.[Symbol.iterator] == "function", _e = "[ 	\n\f\r]", b = /<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g, ve = /-->/g, ye = />/g, x = RegExp(`>|${_e}(?:([^\\s"'>=/]+)(${_e}*=${_e}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`, "g"), be = /'/g, xe = /"/g, Se = /^(?:script|style|textarea|title)$/i, Ce = (e) => (t, ...n) => ({
	_$litType$: e,
	strings: t,
	values: n
}), S = Ce(1), C = Ce(2), w = Symbol.for("lit-noChange"), T = Symbol.for("lit-nothing"), we = /* @__PURE__ */ new WeakMap(), E = v.createTreeWalker(v, 129);
function Te(e, t) {
	if (!he(e) || !e.hasOwnProperty("raw")) throw Error("invalid template strings array");
	return ue === void 0 ? t : ue.createHTML(t);
}
var Ee = (e, t) => {
	let n = e.length - 1, r = [], i, a = t === 2 ? "<svg>" : t === 3 ? "<math>" : "", o = b;
	for (let t = 0; t < n; t++) {
		let n = e[t], s, c, l = -1, u = 0;
		for (; u < n.length && (o.lastIndex = u, c = o.exec(n), c !== null);) u = o.lastIndex, o === b ? c[1] === "!--" ? o = ve : c[1] === void 0 ? c[2] === void 0 ? c[3] !== void 0 && (o = x) : (Se.test(c[2]) && (i = RegExp("</" + c[2], "g")), o = x) : o = ye : o === x ? c[0] === ">" ? (o = i ?? b, l = -1) : c[1] === void 0 ? l = -2 : (l = o.lastIndex - c[2].length, s = c[1], o = c[3] === void 0 ? x : c[3] === "\"" ? xe : be) : o === xe || o === be ? o = x : o === ve || o === ye ? o = b : (o = x, i = void 0);
		let d = o === x && e[t + 1].startsWith("/>") ? " " : "";
		a += o === b ? n + pe : l >= 0 ? (r.push(s), n.slice(0, l) + de + n.slice(l) + _ + d) : n + _ + (l === -2 ? t : d);
	}
	return [Te(e, a + (e[n] || "<?>") + (t === 2 ? "</svg>" : t === 3 ? "</math>" : "")), r];
}, De = class e {
	constructor({ strings: t, _$litType$: n }, r) {
		let i;
		this.parts = [];
		let a = 0, o = 0, s = t.length - 1, c = this.parts, [l, u] = Ee(t, n);
		if (this.el = e.createElement(l, r), E.currentNode = this.el.content, n === 2 || n === 3) {
			let e = this.el.content.firstChild;
			e.replaceWith(...e.childNodes);
		}
		for (; (i = E.nextNode()) !== null && c.length < s;) {
			if (i.nodeType === 1) {
				if (i.hasAttributes()) for (let e of i.getAttributeNames()) if (e.endsWith(de)) {
					let t = u[o++], n = i.getAttribute(e).split(_), r = /([.?@])?(.*)/.exec(t);
					c.push({
						type: 1,
						index: a,
						name: r[2],
						strings: n,
						ctor: r[1] === "." ? Ae : r[1] === "?" ? je : r[1] === "@" ? Me : O
					}), i.removeAttribute(e);
				} else e.startsWith(_) && (c.push({
					type: 6,
					index: a
				}), i.removeAttribute(e));
				if (Se.test(i.tagName)) {
					let e = i.textContent.split(_), t = e.length - 1;
					if (t > 0) {
						i.textContent = le ? le.emptyScript : "";
						for (let n = 0; n < t; n++) i.append(e[n], me()), E.nextNode(), c.push({
							type: 2,
							index: ++a
						});
						i.append(e[t], me());
					}
				}
			} else if (i.nodeType === 8) {
				if (i.data === fe) c.push({
					type: 2,
					index: a
				});
				else {
					let e = -1;
					for (; (e = i.data.indexOf(_, e + 1)) !== -1;) c.push({
						type: 7,
						index: a
					}), e += _.length - 1;
				}
			}
			a++;
		}
	}
	static createElement(e, t) {
		let n = v.createElement("template");
		return n.innerHTML = e, n;
	}
};
function D(e, t, n = e, r) {
	if (t === w) return t;
	let i = r === void 0 ? n._$Cl : n._$Co?.[r], a = y(t) ? void 0 : t._$litDirective$;
	return i?.constructor !== a && (i?._$AO?.(!1), a === void 0 ? i = void 0 : (i = new a(e), i._$AT(e, n, r)), r === void 0 ? n._$Cl = i : (n._$Co ??= [])[r] = i), i !== void 0 && (t = D(e, i._$AS(e, t.values), i, r)), t;
}
var Oe = class {
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
		let { el: { content: t }, parts: n } = this._$AD, r = (e?.creationScope ?? v).importNode(t, !0);
		E.currentNode = r;
		let i = E.nextNode(), a = 0, o = 0, s = n[0];
		for (; s !== void 0;) {
			if (a === s.index) {
				let t;
				s.type === 2 ? t = new ke(i, i.nextSibling, this, e) : s.type === 1 ? t = new s.ctor(i, s.name, s.strings, this, e) : s.type === 6 && (t = new Ne(i, this, e)), this._$AV.push(t), s = n[++o];
			}
			a !== s?.index && (i = E.nextNode(), a++);
		}
		return E.currentNode = v, r;
	}
	p(e) {
		let t = 0;
		for (let n of this._$AV) n !== void 0 && (n.strings === void 0 ? n._$AI(e[t]) : (n._$AI(e, n, t), t += n.strings.length - 2)), t++;
	}
}, ke = class e {
	get _$AU() {
		return this._$AM?._$AU ?? this._$Cv;
	}
	constructor(e, t, n, r) {
		this.type = 2, this._$AH = T, this._$AN = void 0, this._$AA = e, this._$AB = t, this._$AM = n, this.options = r, this._$Cv = r?.isConnected ?? !0;
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
		e = D(this, e, t), y(e) ? e === T || e == null || e === "" ? (this._$AH !== T && this._$AR(), this._$AH = T) : e !== this._$AH && e !== w && this._(e) : e._$litType$ === void 0 ? e.nodeType === void 0 ? ge(e) ? this.k(e) : this._(e) : this.T(e) : this.$(e);
	}
	O(e) {
		return this._$AA.parentNode.insertBefore(e, this._$AB);
	}
	T(e) {
		this._$AH !== e && (this._$AR(), this._$AH = this.O(e));
	}
	_(e) {
		this._$AH !== T && y(this._$AH) ? this._$AA.nextSibling.data = e : this.T(v.createTextNode(e)), this._$AH = e;
	}
	$(e) {
		let { values: t, _$litType$: n } = e, r = typeof n == "number" ? this._$AC(e) : (n.el === void 0 && (n.el = De.createElement(Te(n.h, n.h[0]), this.options)), n);
		if (this._$AH?._$AD === r) this._$AH.p(t);
		else {
			let e = new Oe(r, this), n = e.u(this.options);
			e.p(t), this.T(n), this._$AH = e;
		}
	}
	_$AC(e) {
		let t = we.get(e.strings);
		return t === void 0 && we.set(e.strings, t = new De(e)), t;
	}
	k(t) {
		he(this._$AH) || (this._$AH = [], this._$AR());
		let n = this._$AH, r, i = 0;
		for (let a of t) i === n.length ? n.push(r = new e(this.O(me()), this.O(me()), this, this.options)) : r = n[i], r._$AI(a), i++;
		i < n.length && (this._$AR(r && r._$AB.nextSibling, i), n.length = i);
	}
	_$AR(e = this._$AA.nextSibling, t) {
		for (this._$AP?.(!1, !0, t); e !== this._$AB;) {
			let t = ce(e).nextSibling;
			ce(e).remove(), e = t;
		}
	}
	setConnected(e) {
		this._$AM === void 0 && (this._$Cv = e, this._$AP?.(e));
	}
}, O = class {
	get tagName() {
		return this.element.tagName;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	constructor(e, t, n, r, i) {
		this.type = 1, this._$AH = T, this._$AN = void 0, this.element = e, this.name = t, this._$AM = r, this.options = i, n.length > 2 || n[0] !== "" || n[1] !== "" ? (this._$AH = Array(n.length - 1).fill(/* @__PURE__ */ new String()), this.strings = n) : this._$AH = T;
	}
	_$AI(e, t = this, n, r) {
		let i = this.strings, a = !1;
		if (i === void 0) e = D(this, e, t, 0), a = !y(e) || e !== this._$AH && e !== w, a && (this._$AH = e);
		else {
			let r = e, o, s;
			for (e = i[0], o = 0; o < i.length - 1; o++) s = D(this, r[n + o], t, o), s === w && (s = this._$AH[o]), a ||= !y(s) || s !== this._$AH[o], s === T ? e = T : e !== T && (e += (s ?? "") + i[o + 1]), this._$AH[o] = s;
		}
		a && !r && this.j(e);
	}
	j(e) {
		e === T ? this.element.removeAttribute(this.name) : this.element.setAttribute(this.name, e ?? "");
	}
}, Ae = class extends O {
	constructor() {
		super(...arguments), this.type = 3;
	}
	j(e) {
		this.element[this.name] = e === T ? void 0 : e;
	}
}, je = class extends O {
	constructor() {
		super(...arguments), this.type = 4;
	}
	j(e) {
		this.element.toggleAttribute(this.name, !!e && e !== T);
	}
}, Me = class extends O {
	constructor(e, t, n, r, i) {
		super(e, t, n, r, i), this.type = 5;
	}
	_$AI(e, t = this) {
		if ((e = D(this, e, t, 0) ?? T) === w) return;
		let n = this._$AH, r = e === T && n !== T || e.capture !== n.capture || e.once !== n.once || e.passive !== n.passive, i = e !== T && (n === T || r);
		r && this.element.removeEventListener(this.name, this, n), i && this.element.addEventListener(this.name, this, e), this._$AH = e;
	}
	handleEvent(e) {
		typeof this._$AH == "function" ? this._$AH.call(this.options?.host ?? this.element, e) : this._$AH.handleEvent(e);
	}
}, Ne = class {
	constructor(e, t, n) {
		this.element = e, this.type = 6, this._$AN = void 0, this._$AM = t, this.options = n;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	_$AI(e) {
		D(this, e);
	}
}, Pe = {
	M: de,
	P: _,
	A: fe,
	C: 1,
	L: Ee,
	R: Oe,
	D: ge,
	V: D,
	I: ke,
	H: O,
	N: je,
	U: Me,
	B: Ae,
	F: Ne
}, Fe = se.litHtmlPolyfillSupport;
Fe?.(De, ke), (se.litHtmlVersions ??= []).push("3.3.3");
var Ie = (e, t, n) => {
	let r = n?.renderBefore ?? t, i = r._$litPart$;
	if (i === void 0) {
		let e = n?.renderBefore ?? null;
		r._$litPart$ = i = new ke(t.insertBefore(me(), e), e, void 0, n ?? {});
	}
	return i._$AI(e), i;
}, Le = globalThis, Re = class extends g {
	constructor() {
		super(...arguments), this.renderOptions = { host: this }, this._$Do = void 0;
	}
	createRenderRoot() {
		let e = super.createRenderRoot();
		return this.renderOptions.renderBefore ??= e.firstChild, e;
	}
	update(e) {
		let t = this.render();
		this.hasUpdated || (this.renderOptions.isConnected = this.isConnected), super.update(e), this._$Do = Ie(t, this.renderRoot, this.renderOptions);
	}
	connectedCallback() {
		super.connectedCallback(), this._$Do?.setConnected(!0);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this._$Do?.setConnected(!1);
	}
	render() {
		return w;
	}
};
Re._$litElement$ = !0, Re.finalized = !0, Le.litElementHydrateSupport?.({ LitElement: Re });
var ze = Le.litElementPolyfillSupport;
ze?.({ LitElement: Re }), (Le.litElementVersions ??= []).push("4.2.2");
// node_modules/@lit/reactive-element/decorators/custom-element.js
var k = (e) => (t, n) => {
	n === void 0 ? customElements.define(e, t) : n.addInitializer(() => {
		customElements.define(e, t);
	});
}, Be = {
	attribute: !0,
	type: String,
	converter: ie,
	reflect: !1,
	hasChanged: ae
}, Ve = (e = Be, t, n) => {
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
function A(e) {
	return (t, n) => typeof n == "object" ? Ve(e, t, n) : ((e, t, n) => {
		let r = t.hasOwnProperty(n);
		return t.constructor.createProperty(n, e), r ? Object.getOwnPropertyDescriptor(t, n) : void 0;
	})(e, t, n);
}
// node_modules/@lit/reactive-element/decorators/state.js
function j(e) {
	return A({
		...e,
		state: !0,
		attribute: !1
	});
}
// node_modules/lit-html/directive.js
var M = {
	ATTRIBUTE: 1,
	CHILD: 2,
	PROPERTY: 3,
	BOOLEAN_ATTRIBUTE: 4,
	EVENT: 5,
	ELEMENT: 6
}, He = (e) => (...t) => ({
	_$litDirective$: e,
	values: t
}), Ue = class {
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
}, { I: We } = Pe, Ge = (e) => e, Ke = (e) => e.strings === void 0, qe = () => document.createComment(""), N = (e, t, n) => {
	let r = e._$AA.parentNode, i = t === void 0 ? e._$AB : t._$AA;
	if (n === void 0) n = new We(r.insertBefore(qe(), i), r.insertBefore(qe(), i), e, e.options);
	else {
		let t = n._$AB.nextSibling, a = n._$AM, o = a !== e;
		if (o) {
			let t;
			n._$AQ?.(e), n._$AM = e, n._$AP !== void 0 && (t = e._$AU) !== a._$AU && n._$AP(t);
		}
		if (t !== i || o) {
			let e = n._$AA;
			for (; e !== t;) {
				let t = Ge(e).nextSibling;
				Ge(r).insertBefore(e, i), e = t;
			}
		}
	}
	return n;
}, P = (e, t, n = e) => (e._$AI(t, n), e), Je = {}, Ye = (e, t = Je) => e._$AH = t, Xe = (e) => e._$AH, Ze = (e) => {
	e._$AR(), e._$AA.remove();
}, Qe = He(class extends Ue {
	constructor() {
		super(...arguments), this.key = T;
	}
	render(e, t) {
		return this.key = e, t;
	}
	update(e, [t, n]) {
		return t !== this.key && (Ye(e), this.key = t), n;
	}
}), $e = (e, t, n) => {
	let r = /* @__PURE__ */ new Map();
	for (let i = t; i <= n; i++) r.set(e[i], i);
	return r;
}, et = He(class extends Ue {
	constructor(e) {
		if (super(e), e.type !== M.CHILD) throw Error("repeat() can only be used in text expressions");
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
		let i = Xe(e), { values: a, keys: o } = this.dt(t, n, r);
		if (!Array.isArray(i)) return this.ut = o, a;
		let s = this.ut ??= [], c = [], l, u, d = 0, f = i.length - 1, p = 0, m = a.length - 1;
		for (; d <= f && p <= m;) if (i[d] === null) d++;
		else if (i[f] === null) f--;
		else if (s[d] === o[p]) c[p] = P(i[d], a[p]), d++, p++;
		else if (s[f] === o[m]) c[m] = P(i[f], a[m]), f--, m--;
		else if (s[d] === o[m]) c[m] = P(i[d], a[m]), N(e, c[m + 1], i[d]), d++, m--;
		else if (s[f] === o[p]) c[p] = P(i[f], a[p]), N(e, i[d], i[f]), f--, p++;
		else if (l === void 0 && (l = $e(o, p, m), u = $e(s, d, f)), l.has(s[d])) {
			if (l.has(s[f])) {
				let t = u.get(o[p]), n = t === void 0 ? null : i[t];
				if (n === null) {
					let t = N(e, i[d]);
					P(t, a[p]), c[p] = t;
				} else c[p] = P(n, a[p]), N(e, i[d], n), i[t] = null;
				p++;
			} else Ze(i[f]), f--;
		} else Ze(i[d]), d++;
		for (; p <= m;) {
			let t = N(e, c[m + 1]);
			P(t, a[p]), c[p++] = t;
		}
		for (; d <= f;) {
			let e = i[d++];
			e !== null && Ze(e);
		}
		return this.ut = o, Ye(e, c), w;
	}
}), tt = {
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
	"notices.unread_at_least": "{n}+ unread",
	"notices.none": "No customer has written yet.",
	"notices.mark_read": "Mark as read",
	"notices.mark_read_of": "Mark as read: {who}",
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
	"settings.changed_elsewhere": "These settings were changed elsewhere meanwhile. They are shown with your changes; look at them and save again.",
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
	"labels.would_leave_about": "About {n} {n|message|messages} would leave the Inbox.",
	"labels.backfill": "Sorting the mail that is there: {done} of {total}",
	"held.title": "What is held about you",
	"held.means": "Your settings, Google's account and the fact of its consent, whom you share with, who did what; of mail its identifiers, senders and times: notices, what was read, sent, labelled and counted. No text of any mail.",
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
	"mail.no_tools": "Writing and sharing cannot be offered now.",
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
	"note.html_refused": "There is too much formatted text, or it is too deep, to be shown safely here; this is its plain text.",
	"note.encrypted": "This message is encrypted; read it in your mail program.",
	"note.body_not_shown": "A part of the text is too much to be shown here; open this message alone, or in Gmail.",
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
	"draft.title": "Draft",
	"draft.saved": "saved {time}",
	"draft.no_files": "Files that you added yourself are not kept in a draft; attach them again.",
	"draft.continue": "Continue",
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
	"compose.files_along": "Goes along:",
	"compose.remove": "Remove",
	"compose.remove_of": "Remove {name}",
	"compose.too_large": "Attachments may have 18 MB together.",
	"compose.send": "Send",
	"compose.discard": "Discard",
	"compose.goes_out": "Goes out in {n} {n|second|seconds}.",
	"compose.undo_send": "Do not send yet",
	"compose.sending": "Sending …",
	"compose.sent": "Sent.",
	"compose.left": "Sending this mail failed after you had left it.",
	"compose.maybe_sent": "An earlier version of this mail may have gone out. Look into your sent mail before you send this one too.",
	"compose.send_as_new": "Send as a new mail",
	"compose.draft_saved": "Draft saved in Gmail, without files that you added yourself.",
	"compose.draft_failed": "The draft could not be saved.",
	"list.cancel": "Cancel",
	"runs.title": "Runs of the labeler",
	"runs.none": "No run has changed anything yet.",
	"runs.legend": "Bars: mail labelled. Dashed line: Gmail quota units.",
	"runs.started": "Started",
	"runs.taken_off": "Taken off",
	"runs.units": "Quota units",
	"runs.state": "State",
	"runs.is_undo": "undo",
	"runs.undo": "Undo",
	"runs.undo_of": "Undo the run of {time}",
	"runs.undone": "{n} {n|message|messages} put back as before.",
	"runs.not_connected": "You have no connected mailbox; runs, recounts and views are told to the owner of each.",
	"proof.title": "Completeness",
	"proof.none": "Nothing has been recounted yet; it is done once a day.",
	"proof.counted": "From {from} to {to}, Gmail held {expected} mails from contacts; {seen} of them were noticed.",
	"proof.repaired": "{n} {n|was|were} repaired.",
	"proof.missing": "{n} {n|is|are} missing.",
	"proof.now": "Recount now",
	"audit.own": "Who did what with your mailbox",
	"audit.org": "Audit",
	"audit.none": "Nothing yet.",
	"audit.when": "When",
	"audit.who": "Who",
	"audit.what": "What",
	"audit.about": "About",
	"audit.mailbox.connected": "connected a mailbox",
	"audit.mailbox.reconnected": "connected a mailbox again",
	"audit.mailbox.disconnected": "disconnected a mailbox",
	"audit.mailbox.exported": "exported what is held",
	"audit.settings.changed": "changed settings",
	"audit.policy.changed": "changed the policy",
	"audit.share.added": "shared a contact's mail",
	"audit.share.removed": "ended sharing a contact's mail",
	"audit.message.viewed": "opened a message",
	"policy.title": "Policy",
	"policy.sharing": "Sharing, for everybody",
	"policy.users_choice": "Each user chooses",
	"policy.by_role": "Sharing by role, one “role = private” a line",
	"policy.by_user": "Sharing by user, one “user = private” a line",
	"policy.with_roles": "Share only with these roles (empty: everybody)",
	"policy.with_users": "Share only with these users (empty: everybody)",
	"policy.excluded_domains": "Domains whose mail is never shared",
	"policy.origins": "Web origins that may embed these pages",
	"policy.superiors_see": "Superiors see their staff's shared mail",
	"policy.count_won": "A deal won this month counts as closing this month",
	"policy.time_zone": "Time zone of “this month”",
	"policy.look_back": "Days of mail that labels look back on",
	"policy.label_closing_this_month": "Label for deals closing this month",
	"policy.label_open_deals": "Label for open deals",
	"policy.label_customers": "Label for customers",
	"policy.webhook": "Webhook of the CRM",
	"admin.mailboxes": "Mailboxes",
	"admin.none": "Nobody has connected a mailbox yet.",
	"admin.owner": "Owner",
	"admin.health": "Health",
	"admin.settings": "Settings",
	"admin.last_run": "Last run",
	"admin.never": "not yet",
	"admin.do": "Actions",
	"admin.export": "Export",
	"admin.export_of": "Export what is held about {name}",
	"admin.remove": "Disconnect …",
	"admin.remove_of": "Disconnect the mailbox of {name}",
	"admin.remove_means": "Google's consent is revoked and everything held about the mailbox of {name} is erased. Labels stay in Gmail.",
	"admin.remove_do": "Disconnect",
	"admin.removed": "The mailbox of {name} is disconnected.",
	"admin.confirm": "Let the held changes go on",
	"admin.confirmed": "The next run goes on with the mailbox of {name}.",
	"admin.own": "Your own mailbox",
	"sharing.untold": "The CRM does not tell who would see your mail.",
	"sharing.incomplete": "Not everything could be counted.",
	"aliases.title": "You can send as",
	"aliases.default": "default",
	"aliases.unverified": "not confirmed at Gmail",
	"held.runs": "What was done",
	"audit.grant.lost": "ended the consent",
	"audit.grant.scopes_changed": "changed what the consent covers",
	"status.leaving": "disconnecting",
	"note.body_not_decoded": "A part of the text could not be read.",
	"note.body_too_large": "A part of the text is very large and did not come; open this message alone, or in Gmail.",
	"note.winmail_dat": "The sender's Outlook has packed a part of this message into winmail.dat; it is among the attachments.",
	"note.many_parts": "This message has very many parts; the first are shown.",
	"skip.not_labelled_by_us": "The label is not ours.",
	"skip.changed_since": "The labels have changed since.",
	"skip.label_taken_off": "Somebody has taken the label off already.",
	"skip.moved_by_user": "The mail was moved by hand since.",
	"skip.undone_already": "This was undone already.",
	"skip.try_again": "Gmail did not do it; try again.",
	"run.running": "running",
	"run.done": "done",
	"run.failed": "failed",
	"run.held": "waits for the administrator",
	"run.postponed": "goes on in the next run",
	"policy.return_urls": "Pages, by their exact address, that take the popup's ticket back",
	"admin.runs": "What was done",
	"admin.runs_of": "What was done in the mailbox of {name}",
	"step.labels": "To move mail under labels, Google will ask you once more: until now you have allowed reading only.",
	"step.send": "To write mail, Google must ask you once more: until now you have allowed reading only.",
	"step.allow": "Allow writing",
	"step.refused": "Google's consent still does not cover this; nothing has changed.",
	"settings.asks_first": "Google asks you to allow reading, no more. Labels and writing are asked for when you first use them.",
	"field.sharing": "Sharing",
	"field.mailmagnet": "MailMagnet",
	"field.labels": "Labels",
	"field.paused": "Paused",
	"field.never_shared": "Never shared",
	"field.adopt_labels": "Take over labels of the same name",
	"field.time_zone": "Time zone",
	"field.sharing_by_role": "Sharing by role",
	"field.sharing_by_user": "Sharing by user",
	"field.share_with_users": "Share only with users",
	"field.share_with_roles": "Share only with roles",
	"field.excluded_domains": "Domains never shared",
	"field.superiors_see": "Superiors see shared mail",
	"field.label_names": "Names of the labels",
	"field.origins": "Web origins",
	"field.return_urls": "Return pages",
	"field.webhook_url": "Webhook",
	"field.count_won_this_month": "A deal won this month counts as closing",
	"field.label_look_back_days": "Days that labels look back on",
	"field.scopes": "Consent",
	"field.health": "Health",
	"value.on": "on",
	"value.off": "off",
	"value.none": "none",
	"totals.title": "The last 24 hours, all mailboxes together",
	"totals.add": "Add them up",
	"totals.legend": "Bars: mail labelled in each hour. Dashed line: Gmail quota units.",
	"totals.hours": "Hour by hour",
	"totals.labelled": "{mails} mails labelled, for {units} Gmail quota units.",
	"totals.complete": "{n} of {all} mailboxes proved complete by their last daily recount.",
	"totals.partial": "Only the mailboxes shown above are counted."
}, nt = {
	en: tt,
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
		"notices.unread_at_least": "{n}+ {n|non lu|non lus}",
		"notices.none": "Aucun client n'a encore écrit.",
		"notices.mark_read": "Marquer comme lu",
		"notices.mark_read_of": "Marquer comme lu : {who}",
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
		"settings.changed_elsewhere": "Ces réglages ont été modifiés ailleurs entre-temps. Les voici avec vos modifications ; vérifiez-les et enregistrez de nouveau.",
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
		"labels.would_leave_about": "Environ {n} {n|message quitterait|messages quitteraient} la boîte de réception.",
		"labels.backfill": "Tri des messages présents : {done} sur {total}",
		"held.title": "Ce qui est conservé sur vous",
		"held.means": "Vos réglages, le compte Google et l'existence de son accord, avec qui vous partagez, qui a fait quoi ; des messages, leurs identifiants, expéditeurs et heures : avis, ce qui a été lu, envoyé, étiqueté et recompté. Aucun texte de message.",
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
		"mail.no_tools": "Écrire et partager ne peuvent pas être proposés pour le moment.",
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
		"note.html_refused": "Le texte mis en forme est trop long ou trop complexe pour être affiché sûrement ici ; voici le texte brut.",
		"note.encrypted": "Ce message est chiffré ; lisez-le dans votre logiciel de messagerie.",
		"note.body_not_shown": "Une partie du texte est trop longue pour être affichée ici ; ouvrez ce message seul, ou dans Gmail.",
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
		"draft.title": "Brouillon",
		"draft.saved": "enregistré {time}",
		"draft.no_files": "Un brouillon ne garde pas les fichiers que vous avez ajoutés vous-même ; joignez-les de nouveau.",
		"draft.continue": "Continuer",
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
		"compose.files_along": "Joint à l'envoi :",
		"compose.remove": "Retirer",
		"compose.remove_of": "Retirer {name}",
		"compose.too_large": "Les pièces jointes peuvent faire 18 Mo ensemble.",
		"compose.send": "Envoyer",
		"compose.discard": "Abandonner",
		"compose.goes_out": "Part dans {n} {n|seconde|secondes}.",
		"compose.undo_send": "Ne pas envoyer encore",
		"compose.sending": "Envoi …",
		"compose.sent": "Envoyé.",
		"compose.left": "L'envoi de ce message a échoué après que vous l'avez quitté.",
		"compose.maybe_sent": "Une version antérieure de ce message est peut-être partie. Regardez dans vos messages envoyés avant d'envoyer aussi celle-ci.",
		"compose.send_as_new": "Envoyer comme nouveau message",
		"compose.draft_saved": "Brouillon enregistré dans Gmail, sans les fichiers que vous avez ajoutés vous-même.",
		"compose.draft_failed": "Le brouillon n'a pas pu être enregistré.",
		"list.cancel": "Annuler",
		"runs.title": "Passages du classement",
		"runs.none": "Aucun passage n'a encore rien changé.",
		"runs.legend": "Barres : messages classés. Ligne pointillée : unités du quota Gmail.",
		"runs.started": "Début",
		"runs.taken_off": "Retirés",
		"runs.units": "Unités de quota",
		"runs.state": "État",
		"runs.is_undo": "annulation",
		"runs.undo": "Annuler",
		"runs.undo_of": "Annuler le passage du {time}",
		"runs.undone": "{n} {n|message remis|messages remis} comme avant.",
		"runs.not_connected": "Vous n'avez pas de boîte connectée ; passages, recomptages et consultations sont dits au propriétaire de chacune.",
		"proof.title": "Exhaustivité",
		"proof.none": "Rien n'a encore été recompté ; c'est fait une fois par jour.",
		"proof.counted": "Du {from} au {to}, Gmail contenait {expected} messages de contacts ; {seen} ont été remarqués.",
		"proof.repaired": "{n} {n|réparé|réparés}.",
		"proof.missing": "{n} {n|manquant|manquants}.",
		"proof.now": "Recompter maintenant",
		"audit.own": "Qui a fait quoi avec votre boîte",
		"audit.org": "Journal d'audit",
		"audit.none": "Rien encore.",
		"audit.when": "Quand",
		"audit.who": "Qui",
		"audit.what": "Quoi",
		"audit.about": "À propos",
		"audit.mailbox.connected": "a connecté une boîte",
		"audit.mailbox.reconnected": "a reconnecté une boîte",
		"audit.mailbox.disconnected": "a déconnecté une boîte",
		"audit.mailbox.exported": "a exporté ce qui est conservé",
		"audit.settings.changed": "a changé des réglages",
		"audit.policy.changed": "a changé les règles",
		"audit.share.added": "a partagé les messages d'un contact",
		"audit.share.removed": "a cessé de partager les messages d'un contact",
		"audit.message.viewed": "a ouvert un message",
		"policy.title": "Règles",
		"policy.sharing": "Partage, pour tous",
		"policy.users_choice": "Chaque utilisateur choisit",
		"policy.by_role": "Partage par rôle, un « role = private » par ligne",
		"policy.by_user": "Partage par utilisateur, un « user = private » par ligne",
		"policy.with_roles": "Partager seulement avec ces rôles (vide : tous)",
		"policy.with_users": "Partager seulement avec ces utilisateurs (vide : tous)",
		"policy.excluded_domains": "Domaines dont les messages ne sont jamais partagés",
		"policy.origins": "Origines web autorisées à intégrer ces pages",
		"policy.superiors_see": "Les supérieurs voient les messages partagés de leurs équipes",
		"policy.count_won": "Une affaire gagnée ce mois-ci compte comme à conclure ce mois-ci",
		"policy.time_zone": "Fuseau horaire de « ce mois-ci »",
		"policy.look_back": "Jours de messages examinés par les libellés",
		"policy.label_closing_this_month": "Libellé des affaires à conclure ce mois-ci",
		"policy.label_open_deals": "Libellé des affaires en cours",
		"policy.label_customers": "Libellé des clients",
		"policy.webhook": "Webhook du CRM",
		"admin.mailboxes": "Boîtes",
		"admin.none": "Personne n'a encore connecté de boîte.",
		"admin.owner": "Propriétaire",
		"admin.health": "Santé",
		"admin.settings": "Réglages",
		"admin.last_run": "Dernier passage",
		"admin.never": "pas encore",
		"admin.do": "Actions",
		"admin.export": "Exporter",
		"admin.export_of": "Exporter ce qui est conservé sur {name}",
		"admin.remove": "Déconnecter …",
		"admin.remove_of": "Déconnecter la boîte de {name}",
		"admin.remove_means": "L'accord de Google est révoqué et tout ce qui est conservé sur la boîte de {name} est effacé. Les libellés restent dans Gmail.",
		"admin.remove_do": "Déconnecter",
		"admin.removed": "La boîte de {name} est déconnectée.",
		"admin.confirm": "Laisser passer les changements retenus",
		"admin.confirmed": "Le prochain passage continuera avec la boîte de {name}.",
		"admin.own": "Votre propre boîte",
		"sharing.untold": "Le CRM ne dit pas qui verrait vos messages.",
		"sharing.incomplete": "Tout n'a pas pu être compté.",
		"aliases.title": "Vous pouvez envoyer en tant que",
		"aliases.default": "par défaut",
		"aliases.unverified": "non confirmé chez Gmail",
		"held.runs": "Ce qui a été fait",
		"audit.grant.lost": "a mis fin à l'autorisation",
		"audit.grant.scopes_changed": "a changé la portée de l'autorisation",
		"status.leaving": "déconnexion en cours",
		"note.body_not_decoded": "Une partie du texte n'a pas pu être lue.",
		"note.body_too_large": "Une partie du texte est très volumineuse et n'est pas venue ; ouvrez ce message seul, ou dans Gmail.",
		"note.winmail_dat": "L'Outlook de l'expéditeur a mis une partie de ce message dans winmail.dat ; il figure parmi les pièces jointes.",
		"note.many_parts": "Ce message compte un très grand nombre de parties ; les premières sont affichées.",
		"skip.not_labelled_by_us": "Ce libellé n'est pas de nous.",
		"skip.changed_since": "Les libellés ont changé depuis.",
		"skip.label_taken_off": "Quelqu'un a déjà retiré le libellé.",
		"skip.moved_by_user": "Le message a été déplacé à la main depuis.",
		"skip.undone_already": "C'était déjà annulé.",
		"skip.try_again": "Gmail ne l'a pas fait ; réessayez.",
		"run.running": "en cours",
		"run.done": "terminé",
		"run.failed": "échoué",
		"run.held": "attend l'administrateur",
		"run.postponed": "continue au prochain passage",
		"policy.return_urls": "Pages, par leur adresse exacte, qui reprennent le ticket de la fenêtre",
		"admin.runs": "Ce qui a été fait",
		"admin.runs_of": "Ce qui a été fait dans la boîte de {name}",
		"step.labels": "Pour classer les messages, Google vous demandera une fois encore votre accord : jusqu'ici vous n'avez autorisé que la lecture.",
		"step.send": "Pour écrire, Google doit vous demander une fois encore votre accord : jusqu'ici vous n'avez autorisé que la lecture.",
		"step.allow": "Autoriser l'écriture",
		"step.refused": "L'autorisation de Google ne couvre toujours pas cela ; rien n'a changé.",
		"settings.asks_first": "Google vous demande d'autoriser la lecture, rien de plus. Les libellés et l'écriture seront demandés à leur premier usage.",
		"field.sharing": "Partage",
		"field.mailmagnet": "MailMagnet",
		"field.labels": "Libellés",
		"field.paused": "En pause",
		"field.never_shared": "Jamais partagés",
		"field.adopt_labels": "Reprendre les libellés du même nom",
		"field.time_zone": "Fuseau horaire",
		"field.sharing_by_role": "Partage par rôle",
		"field.sharing_by_user": "Partage par utilisateur",
		"field.share_with_users": "Partager seulement avec les utilisateurs",
		"field.share_with_roles": "Partager seulement avec les rôles",
		"field.excluded_domains": "Domaines jamais partagés",
		"field.superiors_see": "Les supérieurs voient les messages partagés",
		"field.label_names": "Noms des libellés",
		"field.origins": "Origines web",
		"field.return_urls": "Pages de retour",
		"field.webhook_url": "Webhook",
		"field.count_won_this_month": "Une affaire gagnée ce mois-ci compte comme se concluant",
		"field.label_look_back_days": "Jours pris en compte par les libellés",
		"field.scopes": "Autorisation",
		"field.health": "État",
		"value.on": "activé",
		"value.off": "désactivé",
		"value.none": "aucun",
		"totals.title": "Les dernières 24 heures, toutes les boîtes ensemble",
		"totals.add": "Faire le total",
		"totals.legend": "Barres : messages classés par heure. Ligne tiretée : unités de quota Gmail.",
		"totals.hours": "Heure par heure",
		"totals.labelled": "{mails} messages classés, pour {units} unités de quota Gmail.",
		"totals.complete": "{n} {n|boîte|boîtes} sur {all} ont été vérifiées complètes au dernier comptage quotidien.",
		"totals.partial": "Seules les boîtes affichées ci-dessus sont comptées."
	}
};
function F(e) {
	return e in tt;
}
function rt(e, t, n = {}) {
	return it((nt[e.toLowerCase().split("-")[0] ?? "en"] ?? tt)[t]).replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (t, r, i, a) => {
		let o = n[r] ?? "";
		return i === void 0 || a === void 0 ? typeof o == "number" ? new Intl.NumberFormat(e).format(o) : o : new Intl.PluralRules(e).select(Number(o)) === "one" ? i : a;
	});
}
function it(e) {
	return e.replace(/ (?=[;:?!»])|(?<=«) /g, "\xA0");
}
// src/audit.ts
function at(e, t, n, r) {
	return e.length === 0 ? S`<p class="quiet">${n("audit.none")}</p>` : S`<div class="wide" tabindex="0" role="group" aria-labelledby=${t}>
    <table>
      <thead>
        <tr>
          <th scope="col">${n("audit.when")}</th>
          <th scope="col">${n("audit.who")}</th>
          <th scope="col">${n("audit.what")}</th>
          <th scope="col">${n("audit.about")}</th>
        </tr>
      </thead>
      <tbody>
        ${e.map((e) => ot(e, n, r))}
      </tbody>
    </table>
  </div>`;
}
function ot(e, t, n) {
	let r = `audit.${e.action}`, i = Object.entries(e.changes).map(([e, { from: n, to: r }]) => `${st(e, t)}: ${I(n, t)} → ${I(r, t)}`), a = [
		e.owner,
		e.contact_id,
		e.message_id,
		...i
	].filter((e) => e !== null);
	return S`<tr>
    <td>${n.moment(e.at)}</td>
    <td>${e.actor === "google" ? "Google" : e.actor}</td>
    <td>${F(r) ? t(r) : e.action}</td>
    <td>${a.join(" · ")}</td>
  </tr>`;
}
function st(e, t) {
	let n = `field.${e}`;
	return F(n) ? t(n) : e;
}
function I(e, t) {
	if (typeof e == "boolean") return t(e ? "value.on" : "value.off");
	if (e === null || e === "") return t("value.none");
	if (Array.isArray(e)) return e.length > 0 ? e.map((e) => I(e, t)).join(", ") : t("value.none");
	if (typeof e == "object") {
		let n = Object.entries(e).map(([e, n]) => `${I(e, t)} = ${I(n, t)}`);
		return n.length > 0 ? n.join(", ") : t("value.none");
	}
	let n = [`sharing.${e}`, `category.${e}`].find(F);
	return n ? t(n) : String(e);
}
// src/api.ts
var L = class extends Error {
	constructor(e, t) {
		super(t.detail ?? ""), this.status = e, this.code = t.code ?? "unreachable", this.act = t.act ?? "retry";
	}
};
function ct(e) {
	return e === null ? {} : { "If-Match": e };
}
function lt(e) {
	return e instanceof L && e.status === 412;
}
var ut = class {
	#e;
	#t;
	constructor(e, t, n) {
		this.endpoint = e.replace(/\/$/, ""), this.#e = t, this.#t = n;
	}
	async call(e, t, n, r = {}, i) {
		return (await this.tagged(e, t, n, r, i)).body;
	}
	async tagged(e, t, n, r = {}, i) {
		let a = await this.raw(e, t, n, r, i), o = await a.text();
		return {
			body: o ? JSON.parse(o) : void 0,
			tag: a.headers.get("ETag")
		};
	}
	async raw(e, t, n, r = {}, i) {
		let a = {
			...r,
			"Accept-Language": this.#t(),
			Authorization: `Bearer ${await this.#e()}`
		};
		n !== void 0 && (a["Content-Type"] = "application/json");
		let o;
		try {
			o = await fetch(this.endpoint + t, {
				method: e,
				headers: a,
				body: n === void 0 ? null : JSON.stringify(n),
				signal: i ?? null,
				credentials: "omit",
				referrerPolicy: "no-referrer"
			});
		} catch (e) {
			throw i?.aborted ? e : new L(0, { code: navigator.onLine ? "unreachable" : "offline" });
		}
		if (o.ok) return o;
		throw new L(o.status, await o.json().catch(() => ({})));
	}
	async mailbox() {
		return (await this.taggedMailbox()).body;
	}
	async taggedMailbox() {
		try {
			return await this.tagged("GET", "/oauth/mailbox");
		} catch (e) {
			if (e instanceof L && e.code === "not_connected") return {
				body: null,
				tag: null
			};
			throw e;
		}
	}
}, dt = 2e3, ft = "crm-gmail", pt = "crm-gmail:authorized", mt = ["notices", "read"];
function R(e, t) {
	return !t.scopes.stopped.includes(e);
}
function ht(e, t = []) {
	let n = /* @__PURE__ */ new Set([...mt, ...t]), r = e?.health.code === "scope_partly_missing";
	return e && (r || R("send", e)) && n.add("send"), e && (e.settings.labels || R("labels", e)) && n.add("labels"), [...n];
}
function gt(e) {
	let t = e.warnings.some((e) => e.code === "testing_ends");
	return e.status === "needs_reconnect" || e.health.code === "scope_partly_missing" || t;
}
var _t = /* @__PURE__ */ Error("asked anew");
function vt() {
	return window.open("", "crm-gmail-consent", "popup,width=520,height=720");
}
async function yt(e, t, n) {
	let { signal: r } = n;
	try {
		return await Ct(r, bt(e, t, n));
	} catch (e) {
		if (r.aborted) return null;
		throw e;
	} finally {
		r.reason !== _t && t?.close();
	}
}
async function bt(e, t, n) {
	let { signal: r } = n, i = { features: n.features }, a = n.returnUrl ? {
		...i,
		return_url: n.returnUrl
	} : i, o = await e.mailbox(), s = await e.call("POST", "/oauth/connections", a);
	r.throwIfAborted(), t ? t.location.href = s.authorization_url : n.blocked(s.authorization_url);
	let c = new AbortController(), l = Tt(n.connector, AbortSignal.any([c.signal, r]));
	try {
		for (; Date.now() < Date.parse(s.expires_at);) {
			let t = await Promise.race([l, Et()]);
			if (r.throwIfAborted(), t) return await e.call("POST", "/oauth/connections/complete", { ticket: t });
			let n = await e.mailbox().catch(xt);
			if (n && St(n, o)) return n;
		}
		throw new L(0, { code: "consent_expired" });
	} finally {
		c.abort();
	}
}
function xt(e) {
	if (e instanceof L && e.status >= 400 && e.status < 500 && e.status !== 429) throw e;
	return null;
}
function St(e, t) {
	return e.status === "needs_reconnect" ? !1 : t?.status === "needs_reconnect" || e.granted_at !== t?.granted_at;
}
function Ct(e, t) {
	let n = new Promise((t, n) => {
		e.addEventListener("abort", () => n(e.reason), { once: !0 });
	});
	return Promise.race([t, n]);
}
function wt() {
	let e = new URLSearchParams(location.hash.slice(1)).get("ticket");
	return history.replaceState(null, "", location.pathname + location.search), e ? (new BroadcastChannel(ft).postMessage({
		type: pt,
		ticket: e
	}), !0) : !1;
}
function Tt(e, t) {
	return new Promise((n) => {
		let r = (e, t) => {
			if (e.origin !== t || typeof e.data != "object" || e.data === null) return;
			let { type: r, ticket: i } = e.data;
			r === pt && typeof i == "string" && n(i);
		};
		window.addEventListener("message", (t) => r(t, e), { signal: t });
		let i = new BroadcastChannel(ft);
		i.addEventListener("message", (e) => r(e, location.origin), { signal: t }), t.addEventListener("abort", () => i.close());
	});
}
function Et() {
	return new Promise((e) => setTimeout(e, dt, null));
}
// src/formats.ts
var Dt = /* @__PURE__ */ new Map();
function Ot(e, t) {
	let n = JSON.stringify([e, t]), r = Dt.get(n) ?? new Intl.DateTimeFormat(e, t);
	return Dt.set(n, r), r;
}
var kt = class {
	#e;
	constructor(e) {
		this.#e = navigator.languages.find((t) => t.split("-")[0] === e) ?? e;
	}
	moment(e, t = /* @__PURE__ */ new Date()) {
		let n = new Date(e), r = n.toDateString() === t.toDateString() ? { timeStyle: "short" } : {
			dateStyle: "medium",
			timeStyle: "short"
		};
		return Ot(this.#e, r).format(n);
	}
	day(e) {
		return Ot(this.#e, {
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
			unitDisplay: n === 0 ? "long" : "short",
			maximumFractionDigits: n === 0 ? 0 : 1
		};
		return new Intl.NumberFormat(this.#e, r).format(e / 1e3 ** n);
	}
};
// \0@oxc-project+runtime@0.156.0/helpers/esm/decorate.js
function z(e, t, n, r) {
	var i = arguments.length, a = i < 3 ? t : r === null ? r = Object.getOwnPropertyDescriptor(t, n) : r, o;
	if (typeof Reflect == "object" && typeof Reflect.decorate == "function") a = Reflect.decorate(e, t, n, r);
	else for (var s = e.length - 1; s >= 0; s--) (o = e[s]) && (a = (i < 3 ? o(a) : i > 3 ? o(t, n, a) : o(t, n)) || a);
	return i > 3 && a && Object.defineProperty(t, n, a), a;
}
// src/element.ts
var At = () => Promise.reject(new L(0, { code: "no_token" })), B = class extends Re {
	constructor(...e) {
		super(...e), this.endpoint = "", this.token = At, this.returnUrl = null, this.fault = null, this.said = "", this.blockedUrl = null, this.asking = new AbortController(), this.api = new ut("", At, () => "en");
	}
	willUpdate(e) {
		(e.has("endpoint") || e.has("token")) && (this.api = new ut(this.endpoint, this.token, () => this.language), this.token !== At && this.load());
	}
	async doing(e) {
		this.fault = null, this.said = "";
		try {
			return await e(), !0;
		} catch (e) {
			return this.fault = e, this.said = "", !1;
		}
	}
	async askGoogle(e, t) {
		this.asking.abort(_t), this.asking = new AbortController();
		let n = this.endpoint ? new URL(this.endpoint).origin : location.origin, r = (e) => void (this.blockedUrl = e), { signal: i } = this.asking, a = await yt(this.api, e, {
			connector: n,
			returnUrl: this.returnUrl,
			features: t,
			blocked: r,
			signal: i
		});
		return a && (this.blockedUrl = null), a;
	}
	byHand() {
		return this.blockedUrl ? S`<p>
      ${this.say("settings.blocked")}
      <a href=${this.blockedUrl} target="_blank" rel="opener">${this.say("settings.open_by_hand")}</a>
    </p>` : T;
	}
	async focusOn(e) {
		await this.updateComplete, this.renderRoot.querySelector(e)?.focus();
	}
	get language() {
		return jt(this) || navigator.language || "en";
	}
	say(e, t = {}) {
		return rt(this.language, e, t);
	}
	get formats() {
		return new kt(this.language);
	}
	explain(e) {
		if (!(e instanceof L)) return this.say("problem.unknown");
		if (e.code === "offline" || e.code === "unreachable" || e.code === "no_token") return this.say(`problem.${e.code}`);
		let t = this.say(`act.${e.act}`);
		return e.message ? `${e.message} ${t}` : t;
	}
};
z([A()], B.prototype, "endpoint", void 0), z([A({ attribute: !1 })], B.prototype, "token", void 0), z([A({ attribute: "return-url" })], B.prototype, "returnUrl", void 0), z([j()], B.prototype, "fault", void 0), z([j()], B.prototype, "said", void 0), z([j()], B.prototype, "blockedUrl", void 0);
function jt(e) {
	let t = e.closest("[lang]")?.getAttribute("lang"), n = e.getRootNode();
	return t ?? (n instanceof ShadowRoot ? jt(n.host) : null);
}
// src/files.ts
function Mt(e) {
	return e.attachments.filter((t) => !t.inline || e.html === null);
}
function Nt(e, t) {
	let n = document.createElement("a");
	n.href = URL.createObjectURL(e), n.download = t, n.click(), setTimeout(() => URL.revokeObjectURL(n.href), 6e4);
}
async function Pt(e) {
	let t = new Uint8Array(await e.arrayBuffer()), n = [];
	for (let e = 0; e < t.length; e += 32768) n.push(String.fromCharCode(...t.subarray(e, e + 32768)));
	return btoa(n.join(""));
}
// src/types.ts
var V = [
	"closing_this_month",
	"open_deals",
	"customers"
], Ft = o`
  svg {
    inline-size: 100%;
    block-size: 7rem;
    border-block-end: 1px solid var(--_line);
  }
  svg.key {
    inline-size: 1.6em;
    block-size: 0.8em;
    border: 0;
  }
  rect.closing_this_month {
    fill: var(--_chart-closing-this-month);
  }
  rect.open_deals {
    fill: var(--_chart-open-deals);
  }
  rect.customers {
    fill: var(--_chart-customers);
  }
  .units {
    fill: none;
    stroke: var(--_ink);
    stroke-width: 1.5px;
    stroke-dasharray: 4 3;
    vector-effect: non-scaling-stroke;
  }
  /* Below the line, so that it is seen on a bar of any colour. */
  .halo {
    stroke: var(--_paper);
    stroke-width: 4px;
    stroke-dasharray: none;
  }
`, It = 640, Lt = 120, Rt = 2;
function zt(e) {
	let t = [...e].reverse(), n = It / Math.max(t.length, 12), r = Math.max(1, ...t.map((e) => Ht(e))), i = Math.max(1, ...t.map((e) => e.gmail_units)), a = t.flatMap((e, t) => {
		let r = Lt - e.gmail_units / i * 112 - 4;
		return [`${t * n},${r}`, `${(t + 1) * n - Rt},${r}`];
	});
	return C`<svg viewBox="0 0 ${It} ${Lt}" aria-hidden="true" preserveAspectRatio="none">
    ${t.map((e, t) => Vt(e, t * n, n - Rt, 112 / r))}
    <polyline class="units halo" points=${a.join(" ")} />
    <polyline class="units" points=${a.join(" ")} />
  </svg>`;
}
function Bt(e) {
	let t = C`<line class="units" x2="32" y1="8" y2="8" />`, n = (t, n) => S`<span><svg class="key" viewBox="0 0 32 16">${t}</svg> ${e(n)}</span>`;
	return S`<p class="row quiet" aria-hidden="true">
    ${V.map((e) => n(C`<rect class=${e} width="32" height="16" />`, `category.${e}`))}
    ${n(t, "runs.units")}
  </p>`;
}
function Vt(e, t, n, r) {
	let i = Lt;
	return C`${V.map((a) => {
		let o = e.labelled[a] * r;
		return i -= o, C`<rect class=${a} x=${t} y=${i} width=${n} height=${o} />`;
	})}`;
}
function Ht(e) {
	return V.reduce((t, n) => t + e.labelled[n], 0);
}
// src/style.ts
var H = o`
  :host {
    --_ink: var(--gmail-ink, light-dark(#1f2523, #e7ebe9));
    --_quiet: var(--gmail-quiet, light-dark(#5b6663, #a3adaa));
    --_paper: var(--gmail-paper, light-dark(#ffffff, #1c211f));
    --_ground: var(--gmail-ground, light-dark(#f7f6f2, #141816));
    --_line: var(--gmail-line, light-dark(#d9dcda, #39413e));
    --_field-line: var(--gmail-field-line, light-dark(#7f8b87, #737f7b));
    --_main: var(--gmail-main, light-dark(#2f5d62, #7cc0c4));
    --_on-main: var(--gmail-on-main, light-dark(#ffffff, #0e1b1c));
    --_wrong: var(--gmail-wrong, light-dark(#a1271f, #ff9d94));
    --_closing-this-month: var(--gmail-closing-this-month, light-dark(#fdebc8, #4a3816));
    --_on-closing-this-month: var(--gmail-on-closing-this-month, light-dark(#724400, #f7d894));
    --_open-deals: var(--gmail-open-deals, light-dark(#dfe9f7, #22364f));
    --_on-open-deals: var(--gmail-on-open-deals, light-dark(#1d4a80, #b5d2f5));
    --_customers: var(--gmail-customers, light-dark(#dcefdc, #23402a));
    --_on-customers: var(--gmail-on-customers, light-dark(#1e5a2a, #b4e0b9));
    --_chart-closing-this-month: var(--gmail-chart-closing-this-month, light-dark(#c98413, #e5b04c));
    --_chart-open-deals: var(--gmail-chart-open-deals, light-dark(#3b72b8, #7fb0ea));
    --_chart-customers: var(--gmail-chart-customers, light-dark(#3c8a4a, #79c486));
    --_gap: var(--gmail-gap, var(--_density, 1rem));
    --_radius: var(--gmail-radius, 0.6rem);
    --_font: var(--gmail-font, 1rem/1.5 system-ui, sans-serif);
    display: block;
    color: var(--_ink);
    accent-color: var(--_main);
    font: var(--_font);
  }
  /* Inherited: what is opened within is as dense as what is around it. */
  :host([density="compact"]) {
    --_density: 0.6rem;
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
  input:not([type="checkbox"], [type="radio"]),
  select,
  textarea {
    inline-size: 100%;
    min-inline-size: 0;
    background: var(--_paper);
    border: 1px solid var(--_field-line);
    border-radius: var(--_radius);
    padding: 0.4em;
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
  button:disabled,
  button[aria-disabled="true"] {
    opacity: 0.55;
    cursor: default;
  }
  :focus-visible {
    outline: 3px solid var(--_main);
    outline-offset: 2px;
  }
  ::file-selector-button {
    font: inherit;
    color: inherit;
    background: var(--_ground);
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) / 2);
    padding: 0.1em 0.6em;
    margin-inline-end: 0.6em;
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
    background: var(--_closing-this-month);
    color: var(--_on-closing-this-month);
  }
  .chip.open,
  .chip.open_deals {
    background: var(--_open-deals);
    color: var(--_on-open-deals);
  }
  .chip.won,
  .chip.customers {
    background: var(--_customers);
    color: var(--_on-customers);
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
`, Ut = o`
  .wide {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    inline-size: 100%;
    font-size: 0.9em;
  }
  th,
  td {
    text-align: start;
    vertical-align: top;
    padding: 0.4em 0.6em;
    border-block-end: 1px solid var(--_line);
  }
  td .chip {
    white-space: nowrap;
  }
  .number {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
`, Wt = 864e5, Gt = 936e5, Kt = 13, qt = 100, Jt = 4, U = class extends B {
	constructor(...e) {
		super(...e), this.mailboxes = [], this.partial = !1, this.found = null, this.busy = !1;
	}
	static {
		this.styles = [
			H,
			Ut,
			Ft
		];
	}
	async load() {}
	async add() {
		this.busy = !0, await this.doing(async () => {
			let e = [...this.mailboxes], t = [];
			await Promise.all(Array.from({ length: Jt }, async () => {
				for (let n = e.pop(); n !== void 0; n = e.pop()) {
					let e = await this.read(n);
					e && t.push(e);
				}
			})), this.found = t;
		}), this.busy = !1;
	}
	async read(e) {
		let t = `org/mailboxes/${encodeURIComponent(e)}`, n = await Yt(this.runs(t));
		return n && {
			runs: n,
			proof: await Yt(this.api.call("GET", `/notify/${t}/completeness`))
		};
	}
	async runs(e) {
		let t = Date.now() - Wt, n = [];
		for (let r = ""; r !== null;) {
			let i = `/labeler/${e}/runs?limit=${qt}${r === "" ? "" : `&cursor=${encodeURIComponent(r)}`}`, a = await this.api.call("GET", i), o = a.items.filter((e) => Date.parse(e.started_at) >= t);
			n.push(...o), r = o.length === a.items.length ? a.next_cursor : null;
		}
		return n;
	}
	render() {
		return S`${this.fault ? S`<p class="wrong" role="alert">${this.explain(this.fault)}</p>` : T}
      <div role="status">${this.found ? this.sums(this.found) : T}</div>
      <button ?disabled=${this.busy} @click=${() => this.add()}>${this.say("totals.add")}</button>`;
	}
	sums(e) {
		let t = e.flatMap((e) => e.runs), n = (e) => t.reduce((t, n) => t + e(n), 0), r = {
			mails: this.formats.number(n(Ht)),
			units: this.formats.number(n((e) => e.gmail_units))
		};
		return S`${t.length > 0 ? this.chart(Zt(t)) : T}
      <p>${this.say("totals.labelled", r)}</p>
      <p>${this.say("totals.complete", {
			n: e.filter(Xt).length,
			all: e.length
		})}</p>
      ${this.partial ? S`<p class="quiet">${this.say("totals.partial")}</p>` : T}`;
	}
	chart(e) {
		return S`${zt(e)}
      <p class="quiet">${this.say("totals.legend")}</p>
      ${Bt((e) => this.say(e))}
      <details>
        <summary id="hours">${this.say("totals.hours")}</summary>
        <div class="wide" tabindex="0" role="group" aria-labelledby="hours">
          <table>
            <thead>
              <tr>
                <th scope="col">${this.say("runs.started")}</th>
                ${V.map((e) => S`<th scope="col" class="number">${this.say(`category.${e}`)}</th>`)}
                <th scope="col" class="number">${this.say("runs.units")}</th>
              </tr>
            </thead>
            <tbody>
              ${e.map((e) => this.hour(e))}
            </tbody>
          </table>
        </div>
      </details>`;
	}
	hour(e) {
		return S`<tr>
      <th scope="row">${this.formats.moment(e.started_at)}</th>
      ${V.map((t) => S`<td class="number">${this.formats.number(e.labelled[t])}</td>`)}
      <td class="number">${this.formats.number(e.gmail_units)}</td>
    </tr>`;
	}
};
z([A({ attribute: !1 })], U.prototype, "mailboxes", void 0), z([A({ type: Boolean })], U.prototype, "partial", void 0), z([j()], U.prototype, "found", void 0), z([j()], U.prototype, "busy", void 0), U = z([k("gmail-totals")], U);
async function Yt(e) {
	try {
		return await e;
	} catch (e) {
		if (e instanceof L && e.status === 404) return null;
		throw e;
	}
}
function Xt({ proof: e }) {
	return e?.state === "done" && e.missing.length === 0 && Date.parse(e.to) >= Date.now() - Gt;
}
function Zt(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of e) {
		let e = n.started_at.slice(0, Kt), r = t.get(e);
		if (!r) t.set(e, {
			...n,
			started_at: `${e}:00:00Z`,
			labelled: { ...n.labelled }
		});
		else {
			for (let e of V) r.labelled[e] += n.labelled[e];
			r.gmail_units += n.gmail_units;
		}
	}
	return [...t.entries()].sort(([e], [t]) => t.localeCompare(e)).map(([, e]) => e);
}
// src/changes.ts
function Qt(e, t) {
	return Object.fromEntries(Object.entries(t).filter(([t, n]) => JSON.stringify(n) !== JSON.stringify(e[t])));
}
// src/policy-form.ts
var $t = [
	"users_choice",
	"private",
	"custom",
	"public"
], en = class extends B {
	constructor(...e) {
		super(...e), this.policy = null, this.read = null, this.tag = null;
	}
	static {
		this.styles = [H, o`
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
    `];
	}
	async load() {
		await this.doing(async () => this.show(await this.api.tagged("GET", "/oauth/org")));
	}
	show({ body: e, tag: t }) {
		this.policy = e, this.read = e, this.tag = t;
	}
	change(e) {
		this.policy &&= {
			...this.policy,
			...e
		};
	}
	async save(e) {
		e.preventDefault(), await this.doing(async () => {
			try {
				this.show(await this.api.tagged("PUT", "/oauth/org", this.policy, ct(this.tag))), this.said = this.say("settings.saved");
			} catch (e) {
				if (!lt(e) || !this.policy || !this.read) throw e;
				let t = Qt(this.read, this.policy);
				this.show(await this.api.tagged("GET", "/oauth/org")), this.change(t), this.said = this.say("settings.changed_elsewhere");
			}
		});
	}
	render() {
		return S`<section class="card" aria-labelledby="policy">
      <h2 id="policy">${this.say("policy.title")}</h2>
      ${this.fault ? S`<p class="wrong" role="alert">${this.explain(this.fault)}</p>` : T}
      ${this.policy ? this.form(this.policy) : this.waiting()}
      <div role="status">${this.said ? S`<p class="quiet">${this.said}</p>` : T}</div>
    </section>`;
	}
	waiting() {
		return this.fault ? T : S`<p class="quiet" aria-busy="true">${this.say("list.loading")}</p>`;
	}
	form(e) {
		let { sharing: t, share_with: n } = e;
		return S`<form @submit=${(e) => this.save(e)}>
      <label>
        ${this.say("policy.sharing")}
        <select @change=${(e) => this.change({ sharing: {
			...t,
			all: tn(e)
		} })}>
          ${$t.map((e) => S`<option value=${e} ?selected=${e === t.all}>${this.choice(e)}</option>`)}
        </select>
      </label>
      <div class="pair">
        ${this.area("policy.by_role", an(t.roles), (e) => this.change({ sharing: {
			...t,
			roles: rn(e)
		} }))}
        ${this.area("policy.by_user", an(t.users), (e) => this.change({ sharing: {
			...t,
			users: rn(e)
		} }))}
        ${this.area("policy.with_roles", n.roles.join("\n"), (e) => this.change({ share_with: {
			...n,
			roles: nn(e)
		} }))}
        ${this.area("policy.with_users", n.users.join("\n"), (e) => this.change({ share_with: {
			...n,
			users: nn(e)
		} }))}
        ${this.list("excluded_domains", e)} ${this.list("origins", e)} ${this.list("return_urls", e)}
      </div>
      ${this.tick("policy.superiors_see", e.superiors_see, (e) => this.change({ superiors_see: e }))}
      ${this.tick("policy.count_won", e.count_won_this_month, (e) => this.change({ count_won_this_month: e }))}
      <div class="pair">
        ${this.line("policy.time_zone", e.time_zone, (e) => this.change({ time_zone: e }))}
        ${this.line("policy.look_back", String(e.label_look_back_days), (e) => this.change({ label_look_back_days: Number(e) }), "number")}
        ${V.map((t) => this.line(`policy.label_${t}`, e.label_names[t], (n) => this.change({ label_names: {
			...e.label_names,
			[t]: n
		} })))}
      </div>
      ${this.line("policy.webhook", e.webhook?.url ?? "", (e) => this.change({ webhook: e ? { url: e } : null }), "url")}
      <p><button class="main" type="submit">${this.say("settings.save")}</button></p>
    </form>`;
	}
	choice(e) {
		return this.say(e === "users_choice" ? "policy.users_choice" : `sharing.${e}`);
	}
	list(e, t) {
		return this.area(`policy.${e}`, t[e].join("\n"), (t) => this.change({ [e]: nn(t) }));
	}
	area(e, t, n) {
		return S`<label>
      ${this.say(e)}
      <textarea rows="2" .value=${t} @change=${(e) => n(tn(e))}></textarea>
    </label>`;
	}
	line(e, t, n, r = "text") {
		return S`<label>
      ${this.say(e)}
      <input type=${r} .value=${t} @change=${(e) => n(tn(e).trim())} />
    </label>`;
	}
	tick(e, t, n) {
		return S`<label class="option">
      <input
        type="checkbox"
        .checked=${t}
        @change=${(e) => n(e.target.checked)}
      />
      ${this.say(e)}
    </label>`;
	}
};
z([j()], en.prototype, "policy", void 0), en = z([k("gmail-policy")], en);
function tn(e) {
	return e.target.value;
}
function nn(e) {
	return e.split(/[\s,]+/).filter((e) => e !== "");
}
function rn(e) {
	let t = e.split("\n").map((e) => e.split("=").map((e) => e.trim()));
	return Object.fromEntries(t.filter(([e]) => e).map(([e, t]) => [e, t ?? ""]));
}
function an(e) {
	return Object.entries(e).map(([e, t]) => `${e} = ${t}`).join("\n");
}
// src/runs.ts
var on = 24, W = class extends B {
	constructor(...e) {
		super(...e), this.mailbox = null, this.runs = void 0, this.proof = null, this.audit = [];
	}
	static {
		this.styles = [
			H,
			Ut,
			Ft
		];
	}
	async load() {
		await this.doing(async () => {
			if (this.mailbox === null && await this.api.mailbox() === null) {
				this.runs = null;
				return;
			}
			let e = this.mailbox === null ? "" : `/org/mailboxes/${encodeURIComponent(this.mailbox)}`;
			this.runs = (await this.api.call("GET", `/labeler${e}/runs?limit=${on}`)).items, this.proof = await this.lastProof(`/notify${e}/completeness`), this.mailbox === null && (this.audit = (await this.api.call("GET", "/oauth/mailbox/audit?limit=20")).items);
		});
	}
	async lastProof(e) {
		try {
			return await this.api.call("GET", e);
		} catch (e) {
			if (e instanceof L && e.status === 404) return null;
			throw e;
		}
	}
	async recount() {
		await this.doing(async () => {
			this.proof = await this.api.call("POST", "/notify/completeness", {});
		});
	}
	async undo(e) {
		await this.doing(async () => {
			let t = await this.api.call("POST", "/labeler/undo", { run: e.id });
			await this.load(), this.said = this.say("runs.undone", { n: t.reversed });
		});
	}
	render() {
		return S`
      <div role="status">${this.said ? S`<p class="quiet">${this.said}</p>` : T}</div>
      ${this.fault ? S`<p class="wrong card" role="alert">${this.explain(this.fault)}</p>` : T}
      ${this.runs ? [
			this.runsCard(this.runs),
			this.proofCard(),
			this.isOwn ? this.auditCard() : T
		] : this.waiting()}
    `;
	}
	waiting() {
		return this.runs === null ? S`<p class="card quiet">${this.say("runs.not_connected")}</p>` : this.fault ? T : S`<p class="card quiet" aria-busy="true">${this.say("list.loading")}</p>`;
	}
	get isOwn() {
		return this.mailbox === null;
	}
	runsCard(e) {
		return S`<section class="card" aria-labelledby="runs">
      <h2 id="runs">${this.say("runs.title")}</h2>
      ${e.length === 0 ? S`<p class="quiet">${this.say("runs.none")}</p>` : S`${zt(e)}
            <p class="quiet">${this.say("runs.legend")}</p>
            ${Bt((e) => this.say(e))}
            <div class="wide" tabindex="0" role="group" aria-labelledby="runs">
              <table>
                <thead>
                  <tr>
                    <th scope="col">${this.say("runs.started")}</th>
                    ${V.map((e) => S`<th scope="col" class="number">${this.say(`category.${e}`)}</th>`)}
                    <th scope="col" class="number">${this.say("runs.taken_off")}</th>
                    <th scope="col" class="number">${this.say("runs.units")}</th>
                    <th scope="col">${this.say("runs.state")}</th>
                    <td></td>
                  </tr>
                </thead>
                <tbody>
                  ${e.map((e) => this.runRow(e))}
                </tbody>
              </table>
            </div>`}
    </section>`;
	}
	runRow(e) {
		let t = this.formats.moment(e.started_at);
		return S`<tr>
      <th scope="row">${t}</th>
      ${V.map((t) => S`<td class="number">${this.formats.number(e.labelled[t])}</td>`)}
      <td class="number">${this.formats.number(e.taken_off + e.undone)}</td>
      <td class="number">${this.formats.number(e.gmail_units)}</td>
      <td>${e.undone > 0 ? this.say("runs.is_undo") : this.runState(e.state)}</td>
      <td>
        ${this.isOwn && Ht(e) > 0 ? S`<button class="plain" aria-label=${this.say("runs.undo_of", { time: t })} @click=${() => this.undo(e)}>
              ${this.say("runs.undo")}
            </button>` : T}
      </td>
    </tr>`;
	}
	runState(e) {
		let t = `run.${e}`;
		return F(t) ? this.say(t) : e;
	}
	proofCard() {
		let { proof: e } = this;
		return S`<section class="card" aria-labelledby="proof">
      <h2 id="proof">${this.say("proof.title")}</h2>
      ${e ? S`<p>
              ${this.say("proof.counted", {
			seen: this.formats.number(e.seen),
			expected: this.formats.number(e.expected),
			from: this.formats.moment(e.from),
			to: this.formats.moment(e.to)
		})}
            </p>
            <p>${this.say("proof.repaired", { n: e.repaired })} ${this.say("proof.missing", { n: e.missing.length })}</p>
            ${e.missing.length > 0 ? S`<p class="wrong">${e.missing.join(", ")}</p>` : T}` : S`<p class="quiet">${this.say("proof.none")}</p>`}
      ${this.isOwn ? S`<button @click=${() => this.recount()}>${this.say("proof.now")}</button>` : T}
    </section>`;
	}
	auditCard() {
		return S`<section class="card" aria-labelledby="audit">
      <h2 id="audit">${this.say("audit.own")}</h2>
      ${at(this.audit, "audit", (e, t) => this.say(e, t), this.formats)}
    </section>`;
	}
};
z([A({ attribute: !1 })], W.prototype, "mailbox", void 0), z([j()], W.prototype, "runs", void 0), z([j()], W.prototype, "proof", void 0), z([j()], W.prototype, "audit", void 0), W = z([k("gmail-runs")], W);
// src/admin.ts
var G = class extends B {
	constructor(...e) {
		super(...e), this.mailboxes = null, this.nextMailboxes = null, this.audit = [], this.nextAudit = null, this.removing = null, this.looking = null;
	}
	static {
		this.styles = [
			H,
			Ut,
			o`
      .wide + h3 {
        margin-block-start: var(--_gap);
      }
    `
		];
	}
	async load() {
		await this.doing(async () => {
			await Promise.all([this.moreMailboxes(null), this.moreAudit(null)]);
		});
	}
	async moreMailboxes(e) {
		let t = await this.page("/oauth/org/mailboxes", e);
		this.mailboxes = e === null ? t.items : [...this.mailboxes ?? [], ...t.items], this.nextMailboxes = t.next_cursor;
	}
	async moreAudit(e) {
		let t = await this.page("/oauth/org/audit", e);
		this.audit = e === null ? t.items : [...this.audit, ...t.items], this.nextAudit = t.next_cursor;
	}
	page(e, t) {
		let n = t === null ? "" : `&cursor=${encodeURIComponent(t)}`;
		return this.api.call("GET", `${e}?limit=50${n}`);
	}
	async exportHeld(e) {
		await this.doing(async () => {
			let t = await this.api.call("GET", `/oauth/org/mailboxes/${encodeURIComponent(e.id)}/data`);
			Nt(new Blob([JSON.stringify(t, null, 2)], { type: "application/json" }), `${e.owner.id}.json`);
		});
	}
	async removeMailbox(e) {
		await this.doing(async () => {
			await this.api.call("DELETE", `/oauth/org/mailboxes/${encodeURIComponent(e.id)}?labels=keep`);
			let t = this.removing === e.id, n = t && this.shadowRoot?.activeElement?.matches(".remove");
			t && (this.removing = null), this.looking?.id === e.id && (this.looking = null), n && await this.focusOn("#mailboxes"), await this.load(), this.said = this.say("admin.removed", { name: e.owner.name });
		});
	}
	askToRemove(e) {
		let t = this.removing;
		this.removing = e?.id ?? null, this.focusOn(e ? ".cancel" : `[data-remove="${t}"]`);
	}
	async confirm(e) {
		await this.doing(async () => {
			await this.api.call("POST", "/labeler/confirm", { mailbox: e.id }), this.said = this.say("admin.confirmed", { name: e.owner.name });
		});
	}
	render() {
		return S`
      <div role="status">${this.said ? S`<p class="quiet">${this.said}</p>` : T}</div>
      ${this.fault ? S`<p class="wrong card" role="alert">${this.explain(this.fault)}</p>` : T}
      ${this.health()}
      ${this.looking ? this.done(this.looking) : T}
      <gmail-policy .endpoint=${this.endpoint} .token=${this.token}></gmail-policy>
      <section class="card" aria-labelledby="audit">
        <h2 id="audit">${this.say("audit.org")}</h2>
        ${at(this.audit, "audit", (e, t) => this.say(e, t), this.formats)}
        ${this.more(this.nextAudit, (e) => this.moreAudit(e))}
      </section>
      <h2>${this.say("admin.own")}</h2>
      <gmail-runs .endpoint=${this.endpoint} .token=${this.token}></gmail-runs>
    `;
	}
	done(e) {
		return S`<section aria-label=${this.say("admin.runs_of", { name: e.owner.name })}>
      <h2><bdi>${this.say("admin.runs_of", { name: e.owner.name })}</bdi></h2>
      ${Qe(e.id, S`<gmail-runs .endpoint=${this.endpoint} .token=${this.token} .mailbox=${e.id}></gmail-runs>`)}
    </section>`;
	}
	more(e, t) {
		return e === null ? T : S`<button @click=${() => this.doing(() => t(e))}>${this.say("list.more")}</button>`;
	}
	health() {
		return S`<section class="card" aria-labelledby="mailboxes" aria-busy=${this.mailboxes === null && !this.fault}>
      <h2 id="mailboxes" tabindex="-1">${this.say("admin.mailboxes")}</h2>
      ${this.mailboxes === null && !this.fault ? S`<p class="quiet">${this.say("list.loading")}</p>` : T}
      ${this.mailboxes?.length === 0 && !this.fault ? S`<p class="quiet">${this.say("admin.none")}</p>` : T}
      ${this.mailboxes?.length ? this.table(this.mailboxes) : T}
      ${this.more(this.nextMailboxes, (e) => this.moreMailboxes(e))}
      ${this.mailboxes?.length ? this.totals(this.mailboxes) : T}
    </section>`;
	}
	totals(e) {
		return S`<h3>${this.say("totals.title")}</h3>
      <gmail-totals
        .endpoint=${this.endpoint}
        .token=${this.token}
        .mailboxes=${e.map((e) => e.id)}
        .partial=${this.nextMailboxes !== null}
      ></gmail-totals>`;
	}
	table(e) {
		return S`<div class="wide" tabindex="0" role="group" aria-labelledby="mailboxes">
      <table>
        <thead>
          <tr>
            <th scope="col">${this.say("admin.owner")}</th>
            <th scope="col">${this.say("admin.health")}</th>
            <th scope="col">${this.say("admin.settings")}</th>
            <th scope="col">${this.say("admin.last_run")}</th>
            <th scope="col">${this.say("admin.do")}</th>
          </tr>
        </thead>
        <tbody>
          ${et(e, (e) => e.id, (e) => this.row(e))}
        </tbody>
      </table>
    </div>`;
	}
	row(e) {
		let { settings: t, health: n } = e, r = ["mailmagnet", "labels"].filter((e) => t[e]), i = e.labeling.last_run_at;
		return S`<tr>
      <th scope="row"><bdi>${e.owner.name}</bdi></th>
      <td>
        <span class="chip">${this.say(`status.${e.status}`)}</span>
        <span class=${n.act ? "wrong" : "quiet"}>${n.detail}</span>
        ${e.warnings.map((e) => S`<p class="quiet">${e.detail}</p>`)}
      </td>
      <td>
        ${this.say(`sharing.${t.sharing}`)}${r.map((e) => S`, ${this.say(`feature.${e}`)}`)}
      </td>
      <td>${i ? this.formats.moment(i) : this.say("admin.never")}</td>
      <td>${this.buttons(e)}</td>
    </tr>`;
	}
	buttons(e) {
		let { name: t } = e.owner;
		return this.removing === e.id ? S`<p>${this.say("admin.remove_means", { name: t })}</p>
        <div class="row">
          <button class="remove" @click=${() => this.removeMailbox(e)}>${this.say("admin.remove_do")}</button>
          <button class="cancel" @click=${() => this.askToRemove(null)}>${this.say("list.cancel")}</button>
        </div>` : S`<div class="row">
      ${e.health.code === "label_changes_held" ? S`<button class="main" @click=${() => this.confirm(e)}>${this.say("admin.confirm")}</button>` : T}
      <button
        class="plain"
        aria-label=${this.say("admin.runs_of", { name: t })}
        aria-expanded=${this.looking?.id === e.id}
        @click=${() => this.looking = this.looking?.id === e.id ? null : e}
      >
        ${this.say("admin.runs")}
      </button>
      <button class="plain" aria-label=${this.say("admin.export_of", { name: t })} @click=${() => this.exportHeld(e)}>
        ${this.say("admin.export")}
      </button>
      <button
        class="plain"
        data-remove=${e.id}
        aria-label=${this.say("admin.remove_of", { name: t })}
        @click=${() => this.askToRemove(e)}
      >
        ${this.say("admin.remove")}
      </button>
    </div>`;
	}
};
z([j()], G.prototype, "mailboxes", void 0), z([j()], G.prototype, "nextMailboxes", void 0), z([j()], G.prototype, "audit", void 0), z([j()], G.prototype, "nextAudit", void 0), z([j()], G.prototype, "removing", void 0), z([j()], G.prototype, "looking", void 0), G = z([k("gmail-admin")], G);
// src/live.ts
var sn = 45e3;
async function* cn(e, t, n, r) {
	let i = { Accept: "text/event-stream" };
	n && (i["Last-Event-ID"] = n);
	let a = new AbortController(), o, s = () => {
		clearTimeout(o), o = setTimeout(() => a.abort(), sn);
	};
	s();
	try {
		let n = (await e.raw("GET", t, void 0, i, AbortSignal.any([r, a.signal]))).body?.pipeThrough(new TextDecoderStream()).getReader(), c = "";
		for (; n;) {
			let { value: e, done: t } = await n.read();
			if (clearTimeout(o), t) return;
			let r = (c + e).split(/\r?\n\r?\n/);
			c = r.pop() ?? "";
			for (let e of r) {
				let t = ln(e);
				t && (yield t);
			}
			s();
		}
	} finally {
		clearTimeout(o);
	}
}
function ln(e) {
	let t = {
		id: "",
		event: "message",
		data: ""
	}, n = [];
	for (let r of e.split(/\r?\n/)) {
		let [e, i] = un(r);
		e === "id" ? t.id = i : e === "event" ? t.event = i : e === "data" && n.push(i);
	}
	return t.data = n.join("\n"), n.length > 0 ? t : null;
}
function un(e) {
	let t = e.indexOf(":");
	return t < 0 ? [e, ""] : [e.slice(0, t), e.slice(t + 1).replace(/^ /, "")];
}
// src/notices.ts
var dn = 1e3, fn = 3e4, pn = 50, mn = 45e3, hn = /* @__PURE__ */ new Set(["ready", "reset"]), K = class extends B {
	constructor(...e) {
		super(...e), this.notices = null, this.next = null, this.behind = !1, this.leaving = null;
	}
	static {
		this.styles = [H, o`
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
      /* The name is underlined, not the dot and the gap beside it. */
      button.plain {
        text-decoration: none;
      }
      button.plain bdi {
        text-decoration: underline;
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
		super.connectedCallback(), this.leaving && this.load();
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this.leaving?.abort();
	}
	async load() {
		if (this.leaving?.abort(), this.leaving = new AbortController(), !this.isConnected) return;
		let { signal: e } = this.leaving;
		await this.refresh(e), this.follow(e);
	}
	async refresh(e) {
		let t = AbortSignal.timeout(mn);
		try {
			let n = `/notify/notices?limit=${pn}`, r = await this.api.call("GET", n, void 0, {}, AbortSignal.any([e, t])), i = this.notices ?? [], a = new Set(r.items.map((e) => e.id)), o = r.next_cursor !== null && i.some((e) => a.has(e.id)), s = r.items.at(-1), c = s === void 0 ? -Infinity : _n(s), l = o ? i.filter((e) => !a.has(e.id) && _n(e) <= c) : [];
			this.notices = gn([...i.filter((e) => a.has(e.id)), ...l], r.items), l.length === 0 && (this.next = r.next_cursor), this.behind = !1, this.fault = null;
		} catch (n) {
			if (e.aborted) return;
			this.behind = !0, this.fault = t.aborted ? new L(0, { code: "unreachable" }) : n;
		}
	}
	async follow(e) {
		let t = "", n = dn;
		for (; !e.aborted;) {
			let r = Date.now(), i = !1;
			try {
				for await (let n of cn(this.api, "/notify/stream", t, e)) {
					if (e.aborted) return;
					n.id && (t = n.id), hn.has(n.event) || this.behind ? await this.refresh(e) : n.event === "notice" && (this.notices = gn(this.notices ?? [], [JSON.parse(n.data)]));
				}
			} catch (t) {
				if (e.aborted) return;
				i = !0, t instanceof L && t.status === 401 && (this.fault = t);
			}
			Date.now() - r > fn && (n = dn), !i && Date.now() - r > dn || (await new Promise((e) => setTimeout(e, n * (.75 + Math.random() / 4))), n = Math.min(2 * n, fn), e.aborted || await this.refresh(e));
		}
	}
	async more() {
		await this.doing(async () => {
			let { next: e } = this, t = await this.api.call("GET", `/notify/notices?limit=${pn}&cursor=${e ?? ""}`);
			e === this.next && (this.notices = gn(this.notices ?? [], t.items), this.next = t.next_cursor);
		});
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
		await this.doing(async () => {
			try {
				await this.api.call("POST", `/notify/notices/${encodeURIComponent(e.id)}/read`), this.notices = (this.notices ?? []).map((t) => t.id === e.id ? {
					...t,
					read: !0
				} : t);
			} catch (t) {
				if (!(t instanceof L && t.status === 404)) throw t;
				this.notices = (this.notices ?? []).filter((t) => t.id !== e.id), this.behind = !0;
			}
		});
	}
	render() {
		return S`<section class="card" aria-busy=${this.notices === null && !this.fault}>
      <h2>
        ${this.say("notices.title")}
        <span role="status">
          ${this.notices === null ? T : this.unread(this.notices)}
        </span>
      </h2>
      ${this.fault ? S`<p class="wrong" role="alert">${this.explain(this.fault)}</p>` : T}
      ${this.list()}
      ${this.next ? S`<button @click=${() => this.more()}>${this.say("list.more")}</button>` : T}
    </section>`;
	}
	unread(e) {
		let t = e.filter((e) => !e.read).length;
		return this.next === null ? S`<span class="chip">${this.say("notices.unread", { n: t })}</span>` : t === 0 ? T : S`<span class="chip">${this.say("notices.unread_at_least", { n: t })}</span>`;
	}
	list() {
		return this.notices === null ? this.fault ? T : S`<p class="quiet">${this.say("list.loading")}</p>` : this.notices.length === 0 ? S`<p class="quiet">${this.say("notices.none")}</p>` : S`<ul class="plain">
      ${this.notices.map((e) => this.row(e))}
    </ul>`;
	}
	row(e) {
		let t = e.contact?.name ?? e.from;
		return S`<li>
      <div class="row">
        <button class="plain ${e.read ? "" : "unread"}" @click=${() => this.open(e)}><bdi>${t}</bdi></button>
        <span class="quiet">${this.formats.moment(e.received_at)}</span>
        ${e.read ? T : S`<button
              aria-label=${this.say("notices.mark_read_of", { who: t })}
              @click=${() => this.markRead(e)}
            >
              ${this.say("notices.mark_read")}
            </button>`}
      </div>
    </li>`;
	}
};
z([j()], K.prototype, "notices", void 0), z([j()], K.prototype, "next", void 0), K = z([k("gmail-notices")], K);
function gn(e, t) {
	let n = new Map(e.map((e) => [e.id, e]));
	for (let e of t) n.set(e.id, {
		...e,
		read: e.read || n.get(e.id)?.read === !0
	});
	return [...n.values()].sort((e, t) => _n(t) - _n(e));
}
function _n(e) {
	return Date.parse(e.received_at);
}
// node_modules/lit-html/directives/live.js
var vn = He(class extends Ue {
	constructor(e) {
		if (super(e), e.type !== M.PROPERTY && e.type !== M.ATTRIBUTE && e.type !== M.BOOLEAN_ATTRIBUTE) throw Error("The `live` directive is not allowed on child or event bindings");
		if (!Ke(e)) throw Error("`live` bindings can only contain a single expression");
	}
	render(e) {
		return e;
	}
	update(e, [t]) {
		if (t === w || t === T) return t;
		let n = e.element, r = e.name;
		if (e.type === M.PROPERTY) {
			if (t === n[r]) return w;
		} else if (e.type === M.BOOLEAN_ATTRIBUTE) {
			if (!!t === n.hasAttribute(r)) return w;
		} else if (e.type === M.ATTRIBUTE && n.getAttribute(r) === t + "") return w;
		return Ye(e), t;
	}
}), yn = {
	pause: 1500,
	most: 1e4
}, bn = {
	pause: 1e4,
	most: 6e4
}, xn = Promise.resolve();
async function Sn(e) {
	await xn;
	let t = { items: [] };
	return (await e.call("GET", "/proxy/drafts").catch(() => t)).items;
}
async function Cn(e, t) {
	await e.call("DELETE", `/proxy/drafts/${encodeURIComponent(t)}`);
}
function wn(e) {
	return e.forward ? "forward" : "reply";
}
function Tn(e, t) {
	let n = new Set(t.map((e) => e.toLowerCase()));
	return [
		...e.to,
		...e.cc,
		...e.bcc
	].some((e) => n.has(e.address.toLowerCase()));
}
var En = class {
	#e;
	#t;
	#n;
	#r = null;
	#i;
	#a = null;
	#o = Promise.resolve();
	#s = !1;
	constructor(e, t, n = null) {
		this.#e = e, this.#t = t, this.#n = n;
	}
	get id() {
		return this.#n;
	}
	later(e, t) {
		if (this.#s) return;
		clearTimeout(this.#i), this.#a = e;
		let { pause: n, most: r } = t ? bn : yn;
		this.#r ??= Date.now(), this.#i = setTimeout(() => this.flush(), Math.min(n, this.#r + r - Date.now()));
	}
	flush() {
		clearTimeout(this.#i);
		let e = this.#a;
		this.#a = null, this.#r = null, e !== null && (this.#o = this.#o.then(() => this.#c(e)), xn = Promise.all([xn, this.#o]).then(() => void 0));
	}
	async discard() {
		this.#s = !0, clearTimeout(this.#i), this.#a = null, await this.#o;
		let e = this.#n;
		this.#n = null, e !== null && await Cn(this.#e(), e).catch(() => void 0);
	}
	async #c(e) {
		try {
			let t = await e();
			this.#n === null ? this.#n = (await this.#e().call("POST", "/proxy/drafts", t)).id : await this.#e().call("PUT", `/proxy/drafts/${encodeURIComponent(this.#n)}`, t), this.#t(!0);
		} catch {
			this.#t(!1);
		}
	}
}, Dn = "gmail-send-failed", q = /* @__PURE__ */ new Set();
function On(e, t, n) {
	q.add(e), e.addEventListener("gmail-composer-closed", () => q.delete(e), { once: !0 }), (t.find((e) => e.isConnected) ?? document).dispatchEvent(new CustomEvent(Dn, {
		detail: n,
		bubbles: !0,
		composed: !0
	}));
}
function kn(e) {
	let t = e instanceof ShadowRoot ? e.host : e.parentNode;
	return t ? [t, ...kn(t)] : [];
}
var An = class extends B {
	constructor(...e) {
		super(...e), this.mailbox = void 0, this.shown = [], this.take = () => {
			for (let e of q) {
				let t = this.isOurs(e) && !e.isConnected;
				(t || e.isConnected) && q.delete(e), t && (e.addEventListener("gmail-composer-closed", this.closed, { once: !0 }), this.shown = [...this.shown, e]);
			}
		}, this.closed = (e) => {
			this.shown = this.shown.filter((t) => t !== e.target);
			let { sent: t } = e.detail;
			this.said = t ? this.say("compose.sent") : "", this.dispatchEvent(new CustomEvent("gmail-changed", { detail: {
				what: t ? "sent" : "drafted",
				id: ""
			} }));
		};
	}
	static {
		this.styles = H;
	}
	connectedCallback() {
		super.connectedCallback(), document.addEventListener(Dn, this.take, !0), this.take();
	}
	disconnectedCallback() {
		super.disconnectedCallback(), document.removeEventListener(Dn, this.take, !0), queueMicrotask(() => {
			this.isConnected || this.keep(() => !1);
		});
	}
	willUpdate(e) {
		super.willUpdate(e), e.has("mailbox") && this.mailbox !== void 0 && (this.keep((e) => this.isOurs(e)), this.take());
	}
	isOurs(e) {
		return e.mailbox === this.mailbox?.id;
	}
	load() {
		return Promise.resolve();
	}
	keep(e) {
		for (let t of this.shown.filter((t) => !e(t))) t.removeEventListener("gmail-composer-closed", this.closed), t.remove(), q.add(t);
		this.shown = this.shown.filter(e);
	}
	render() {
		return S`<div role="status">${this.said ? S`<p class="quiet">${this.said}</p>` : T}</div>
      ${et(this.shown, (e) => e, (e) => this.left(e))}`;
	}
	left(e) {
		return S`<p class="wrong">${this.say("compose.left")}</p>${e}`;
	}
};
z([A({ attribute: !1 })], An.prototype, "mailbox", void 0), z([j()], An.prototype, "shown", void 0), An = z([k("gmail-failed-mails")], An);
// src/replying.ts
function jn(e, t, n) {
	if (t === "forward") return {
		to: "",
		cc: ""
	};
	let r = new Set(n.map((e) => e.toLowerCase())), i = (e) => e.filter((e) => !r.has(e.address.toLowerCase())), a = e.headers.find((e) => e.name.toLowerCase() === "reply-to")?.value, o = e.direction === "out", s = o ? J(e.to) : a ?? J([e.from]);
	if (t === "reply") return {
		to: s,
		cc: ""
	};
	let c = new Set(Pn(s).map(Fn));
	return {
		to: [s, ...(o ? [] : i(e.to).filter((e) => !c.has(e.address.toLowerCase()))).map((e) => J([e]))].join(", "),
		cc: J(i(e.cc))
	};
}
function Mn(e, t) {
	let n = t === "forward" ? "Fwd" : "Re";
	return RegExp(`^\\s*${n}\\s*:`, "i").test(e.subject) ? e.subject : `${n}: ${e.subject}`;
}
function J(e) {
	return e.filter((e) => e.address !== "").map((e) => e.name ? `${Nn(e.name)} <${e.address}>` : e.address).join(", ");
}
function Nn(e) {
	return /^[\p{L}\p{N} '-]+$/u.test(e) ? e : `"${e.replace(/["\\]/g, "")}"`;
}
function Pn(e) {
	return (e.match(/(?:"[^"]*"|[^,;"])+/g) ?? []).map((e) => e.trim()).filter((e) => e !== "");
}
function Fn(e) {
	return (/<([^<>]*)>\s*$/.exec(e)?.[1] ?? e).trim().toLowerCase();
}
function In(e) {
	return e === "forward" ? e : "reply";
}
function Ln(e) {
	let { subject: t, text: n } = e;
	return {
		to: J(e.to),
		cc: J(e.cc),
		bcc: J(e.bcc),
		subject: t,
		text: n
	};
}
// src/send-key.ts
var Rn = class {
	#e = null;
	#t = "";
	#n = !1;
	async of(e, t) {
		let n = await Bn(JSON.stringify(t)), r = this.#n && n !== this.#t;
		return this.#e === null ? this.#e = e === null ? crypto.randomUUID() : `draft-${e}` : r && (this.#e = e === null ? crypto.randomUUID() : `draft-${e}-${n}`), this.#t = n, this.#n = !1, this.#e;
	}
	failed(e) {
		this.#n = e instanceof L && (e.status === 422 || e.code === "not_sent");
	}
	renew() {
		this.#e = crypto.randomUUID();
	}
};
function zn(e) {
	return e instanceof L && (e.code === "key_reused" || e.code === "send_unconfirmed");
}
async function Bn(e) {
	let t = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(e)));
	return Array.from(t.slice(0, 16), (e) => e.toString(16).padStart(2, "0")).join("");
}
// src/composer.ts
var Vn = 10, Hn = 18e6, Y = class extends B {
	constructor(...e) {
		super(...e), this.answered = null, this.mode = null, this.draft = null, this.to = "", this.mailbox = null, this.fields = {
			to: "",
			cc: "",
			bcc: "",
			subject: "",
			text: ""
		}, this.from = "", this.aliases = [], this.files = [], this.draftState = "", this.countdown = null, this.busy = !1, this.key = new Rn(), this.unasked = null, this.drafts = null, this.loaded = null, this.places = [], this.ask = (e) => {
			(this.countdown !== null || this.busy) && e.preventDefault();
		}, this.saveUnseen = () => {
			document.hidden && this.drafts?.flush();
		};
	}
	static {
		this.styles = [H, o`
      form {
        display: grid;
        gap: calc(var(--_gap) / 2);
      }
      label {
        display: grid;
        gap: 0.2em;
      }
      /* Comes late: after Send, which it may not move from under the pointer. */
      .from {
        grid-auto-flow: column;
        align-items: center;
        min-inline-size: 0;
      }
      .told:not(:empty) {
        margin-block-start: calc(var(--_gap) / 2);
      }
      textarea {
        min-block-size: 9em;
        resize: vertical;
      }
    `];
	}
	connectedCallback() {
		super.connectedCallback(), this.places = kn(this), window.addEventListener("beforeunload", this.ask), document.addEventListener("visibilitychange", this.saveUnseen);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), window.removeEventListener("beforeunload", this.ask), document.removeEventListener("visibilitychange", this.saveUnseen), queueMicrotask(() => {
			this.isConnected || this.leave();
		});
	}
	leave() {
		this.asking.abort(), this.countdown === null ? this.drafts?.flush() : this.send();
	}
	load() {
		return this.loaded ??= this.read(), this.loaded;
	}
	async read() {
		let e = (e) => void (this.draftState = e ? "saved" : "failed");
		if (this.drafts = new En(() => this.api, e, this.draft?.id), this.fields = this.draft ? Ln(this.draft) : {
			...this.fields,
			to: this.to
		}, await this.focusFirst(), await this.doing(async () => {
			let e = await this.api.mailbox(), t = this.holdsFocus;
			e && (this.mailbox = e.id), this.unasked = e && !R("send", e) ? e : null, this.unasked && t && await this.focusFirst();
			let { items: n } = await this.api.call("GET", "/proxy/aliases");
			this.aliases = n.filter((e) => e.verified);
			let r = this.draft?.from[0]?.address, i = n.find((e) => e.address === r) ?? n.find((e) => e.default) ?? n[0];
			this.from = i?.address ?? "";
		}), this.answered && this.mode && !this.draft) {
			let e = this.aliases.map((e) => e.address), t = Mn(this.answered, this.mode), n = {
				...jn(this.answered, this.mode, e),
				subject: t
			}, r = Object.entries(this.fields).filter(([, e]) => e !== "");
			this.fields = {
				...this.fields,
				...n,
				...Object.fromEntries(r)
			}, r.length > 0 && this.isConnected && this.keep();
		}
	}
	get holdsFocus() {
		return this.shadowRoot?.activeElement != null;
	}
	async focusFirst() {
		await this.updateComplete;
		let e = this.unasked !== null || this.countdown !== null ? "button" : this.answered && this.mode !== "forward" ? "textarea" : "input";
		await this.focusOn(e);
	}
	async allow(e) {
		let t = vt();
		await this.doing(async () => {
			let n = await this.askGoogle(t, ht(e, ["send"]));
			n && (this.unasked = R("send", n) ? null : n, this.said = this.unasked ? this.say("step.refused") : "", await this.focusFirst());
		});
	}
	write(e, t) {
		this.fields = {
			...this.fields,
			[e]: t
		}, this.keep();
	}
	keep() {
		let e = this.mode === "forward" && (this.answered?.attachments.length ?? 0) > 0;
		this.drafts?.later(() => this.mail(!1), e);
	}
	async mail(e) {
		let { to: t, cc: n, bcc: r, subject: i, text: a } = this.fields, o = e ? this.files : [];
		return {
			to: Pn(t),
			cc: Pn(n),
			bcc: Pn(r),
			subject: i,
			text: a,
			...this.from ? { from: this.from } : {},
			...this.answered && this.mode ? {
				reply_to_message: this.answered.id,
				mode: e ? In(this.mode) : this.mode
			} : {},
			attachments: await Promise.all(o.map(async (e) => ({
				name: e.name,
				type: e.type || "application/octet-stream",
				data: await Pt(e)
			})))
		};
	}
	begin(e) {
		e.preventDefault(), this.fault = null, this.countdown = Vn, this.clock = setInterval(() => {
			this.countdown = (this.countdown ?? 1) - 1, this.countdown <= 0 && this.send();
		}, 1e3), this.focusFirst();
	}
	holdBack() {
		this.stopClock(), this.focusFirst();
	}
	stopClock() {
		clearInterval(this.clock), this.countdown = null;
	}
	async send() {
		let e = this.holdsFocus;
		this.stopClock(), this.busy = !0, e && this.focusFirst(), await this.loaded;
		let t = await this.doing(async () => {
			let e = await this.mail(!0), t = await this.key.of(this.drafts?.id ?? null, e);
			await this.api.call("POST", "/proxy/messages", e, { "Idempotency-Key": t });
		});
		this.busy = !1, this.key.failed(this.fault), t ? (await this.drafts?.discard(), this.close(!0)) : this.isConnected || (this.drafts?.flush(), On(this, this.places, {
			to: this.fields.to,
			subject: this.fields.subject
		}));
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
		let n = t.reduce((e, t) => e + t.size, 0) > Hn;
		this.said = n ? this.say("compose.too_large") : "", n || (this.files = t);
	}
	render() {
		return S`<section class="card" aria-label=${this.say(this.mode ? `compose.${this.mode}` : "compose.new")}>
      ${this.unasked ? this.step(this.unasked) : this.countdown === null ? this.form() : this.waiting()}
      ${this.fault ? this.wrong() : T}
      <div class="told" role="status">${this.told()}</div>
    </section>`;
	}
	wrong() {
		return zn(this.fault) ? S`<p class="wrong" role="alert">${this.say("compose.maybe_sent")}</p>
      <p><button @click=${(e) => {
			this.key.renew(), this.begin(e);
		}}>${this.say("compose.send_as_new")}</button></p>` : S`<p class="wrong" role="alert">${this.explain(this.fault)}</p>`;
	}
	told() {
		let e = this.draftState ? this.say(`compose.draft_${this.draftState}`) : "", t = this.said || (this.busy ? this.say("compose.sending") : e);
		return t ? S`<p class="quiet">${t}</p>` : T;
	}
	step(e) {
		return S`<p>${this.say("step.send")}</p>
      ${this.byHand()}
      <div class="row">
        <button class="main" @click=${() => this.allow(e)}>${this.say("step.allow")}</button>
        <button @click=${() => this.close(!1)}>${this.say("list.cancel")}</button>
      </div>`;
	}
	waiting() {
		return S`<div class="row">
      <span>${this.say("compose.goes_out", { n: this.countdown ?? 0 })}</span>
      <button class="main" @click=${() => this.holdBack()}>${this.say("compose.undo_send")}</button>
    </div>`;
	}
	form() {
		return S`<form @submit=${(e) => this.begin(e)}>
      ${this.line("to", !0)} ${this.line("cc")} ${this.line("bcc")} ${this.line("subject")}
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
        ${this.aliases.length > 1 ? this.sender() : T}
      </div>
    </form>`;
	}
	line(e, t = !1) {
		return S`<label>
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
		return S`<label class="from">
      ${this.say("compose.from")}
      <select @change=${(e) => {
			this.from = e.target.value, this.keep();
		}}>
        ${this.aliases.map((e) => S`<option value=${e.address} ?selected=${e.address === this.from}>
            ${e.name ? `${e.name} <${e.address}>` : e.address}
          </option>`)}
      </select>
    </label>`;
	}
	chosenFiles() {
		let e = this.answered && this.mode === "forward" ? Mt(this.answered) : [], t = e.map((e, t) => S`${t > 0 ? ", " : ""}<bdi>${e.name || e.id}</bdi>`);
		return S`${e.length > 0 ? S`<p class="quiet">${this.say("compose.files_along")} ${t}</p>` : T}
      <label>
        ${this.say("compose.files")}
        ${this.draft && this.files.length === 0 ? S`<span class="quiet">${this.say("draft.no_files")}</span>` : T}
        <input type="file" multiple @change=${(e) => this.choose(e.target)} />
      </label>
      ${this.files.length > 0 ? S`<ul class="plain row">
            ${this.files.map((e) => S`<li>
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
          </ul>` : T}`;
	}
};
z([A({ attribute: !1 })], Y.prototype, "answered", void 0), z([A({ attribute: !1 })], Y.prototype, "mode", void 0), z([A({ attribute: !1 })], Y.prototype, "draft", void 0), z([A()], Y.prototype, "to", void 0), z([j()], Y.prototype, "fields", void 0), z([j()], Y.prototype, "from", void 0), z([j()], Y.prototype, "aliases", void 0), z([j()], Y.prototype, "files", void 0), z([j()], Y.prototype, "draftState", void 0), z([j()], Y.prototype, "countdown", void 0), z([j()], Y.prototype, "busy", void 0), z([j()], Y.prototype, "unasked", void 0), Y = z([k("gmail-composer")], Y);
// src/contact-card.ts
function Un(e, t, n) {
	return S`<section class="card" aria-labelledby="contact">
      <h2 id="contact"><bdi>${e.name}</bdi></h2>
      <p><span class="chip">${t(`kind.${e.kind}`)}</span></p>
      <ul class="plain" aria-label=${t("contact.addresses")}>
        ${e.addresses.map((n, r) => S`<li class="address">
            ${n.split("@").map((e, t) => t === 0 ? e : S`@<wbr />${e}`)}
            ${r === 0 && e.addresses.length > 1 ? S`<span class="quiet">(${t("contact.primary")})</span>` : T}
          </li>`)}
      </ul>
    </section>
    <section class="card" aria-labelledby="deals">
      <h2 id="deals">${t("deals.title")}</h2>
      ${e.deals.length === 0 ? S`<p class="quiet">${t("deals.none")}</p>` : S`<ul class="plain">
            ${e.deals.map((e) => Wn(e, t, n))}
          </ul>`}
    </section>`;
}
function Wn(e, t, n) {
	let r = e.closing_date ? t("deals.closes", { date: n.day(e.closing_date) }) : t("deals.no_date");
	return S`<li class="line">
    <bdi>${e.name}</bdi>
    <div class="quiet">
      <span class="chip ${e.state}">${t(`state.${e.state}`)}</span> ${r}
      ${e.amount === null ? T : S`· <bdi>${n.number(e.amount)}</bdi>`}
    </div>
  </li>`;
}
// src/draft-card.ts
function Gn(e, t, n, r, i) {
	let a = e.text.trim().split("\n")[0] ?? "";
	return S`<section class="card row" aria-label=${r("draft.title")}>
    <span class="chip strong">${r("draft.title")}</span>
    <bdi>${e.subject || r("mail.no_subject")}</bdi>
    <bdi class="quiet">${a.length > 80 ? `${a.slice(0, 80)} …` : a}</bdi>
    <span class="quiet">${r("draft.saved", { time: i.moment(e.saved_at) })}. ${r("draft.no_files")}</span>
    <button class="main" @click=${t}>${r("draft.continue")}</button>
    <button @click=${n}>${r("compose.discard")}</button>
  </section>`;
}
// src/mail-list.ts
function X(e) {
	return `${e.mailbox}-${e.id}`;
}
function Kn(e, t) {
	let n = e.items.at(-1);
	if (n === void 0 || e.next_cursor === null) return [];
	let r = new Set(e.items.map(X));
	return t.filter((e) => !r.has(X(e)) && e.date <= n.date);
}
function qn(e, t) {
	if (!t?.owner.you || e.some((e) => X(e) === X(t))) return e;
	let n = e.findIndex((e) => e.date < t.date);
	return n < 0 ? [...e, t] : e.toSpliced(n, 0, t);
}
// src/mail-row.ts
var Jn = o`
  /* What is drawn within a block changes nothing around it: a scrolled list is painted in a quarter of the time. */
  ul[data-block] {
    contain: content;
  }
  li.mail {
    border-block-start: 1px solid var(--_line);
  }
  ul:first-child > li.mail:first-child {
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
    /* Each line begins where the page's lines begin, whatever its own direction. */
    justify-items: start;
    gap: 0.1em;
  }
  .head > * {
    max-inline-size: 100%;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .head:hover,
  .head[aria-expanded="true"] {
    background: var(--_ground);
  }
  .head:focus-visible {
    outline-offset: -3px;
  }
  .first {
    justify-self: stretch;
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
    padding: calc(var(--_gap) / 2) calc(var(--_gap) * 0.75) var(--_gap);
  }
`;
function Yn(e, t, n, r, i, a, o) {
	let s = [];
	return n && s.push(S`<span class="chip strong">${a("draft.title")}</span>`), e.unread && s.push(S`<span class="chip strong">${a("mail.unread")}</span>`), e.category && s.push(S`<span class="chip ${e.category}">${a(`category.${e.category}`)}</span>`), e.direction === "out" && s.push(S`<span class="chip">${a("mail.sent")}</span>`), e.owner.you || s.push(S`<span class="chip">${a("mail.of", { name: e.owner.name })}</span>`), e.has_attachments && s.push(S`<span class="chip">${a("mail.files")}</span>`), S`<button
    class="head ${e.unread ? "unread" : ""}"
    aria-expanded=${t}
    aria-controls=${t ? r : T}
    @click=${i}
  >
    <span class="first">
      <bdi>${e.from.name || e.from.address}</bdi>
      <time class="quiet" dir="auto" datetime=${e.date}>${o.moment(e.date)}</time>
    </span>
    <bdi class="subject">${e.subject || a("mail.no_subject")}</bdi>
    <bdi class="snippet quiet">${e.snippet}</bdi>
    ${s.length > 0 ? S`<span class="chips">${s}</span>` : T}
  </button>`;
}
// node_modules/lit-html/directives/guard.js
var Xn = {}, Zn = He(class extends Ue {
	constructor() {
		super(...arguments), this.ot = Xn;
	}
	render(e, t) {
		return t();
	}
	update(e, [t, n]) {
		if (Array.isArray(t)) {
			if (Array.isArray(this.ot) && this.ot.length === t.length && t.every((e, t) => e === this.ot[t])) return w;
		} else if (this.ot === t) return w;
		return this.ot = Array.isArray(t) ? Array.from(t) : t, this.render(t, n);
	}
});
// src/explanation.ts
function Qn(e, t, n) {
	return S`<section class="card" aria-label=${t("label.why")}>
    ${e.contact ? S`<p>${t("why.contact")} <bdi>${e.contact.name}</bdi></p>` : T}
    <p><strong>${e.rule}</strong></p>
    ${e.causes.map((e) => S`<p>${e.sentence}</p>`)}
    ${e.deals.length > 0 ? S`<h3>${t("why.deals")}</h3>
          <ul>
            ${e.deals.map((e) => S`<li><bdi>${e.name}</bdi>: ${e.sentence}</li>`)}
          </ul>` : T}
    ${e.rejected.length > 0 ? S`<h3>${t("why.rejected")}</h3>
          <ul>
            ${e.rejected.map((e) => S`<li>${t(`category.${e.category}`)}: ${e.because}</li>`)}
          </ul>` : T}
    <p class="quiet">
      ${e.facts.last_run_at ? t("why.last_run", { time: n.moment(e.facts.last_run_at) }) : t("why.no_run")}
    </p>
  </section>`;
}
// src/frame.ts
var $n = "allow-popups allow-popups-to-escape-sandbox", er = "margin:12px;background:#fff;color:#222;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere", tr = /^image\/(png|jpeg|gif|webp)$/, nr = /<(?:p|div|br|tr|li|h[1-6]|hr|pre|blockquote)\b/g, rr = 24, ir = 7.5, ar = 120, or = {
	least: 96,
	most: 720
}, sr = window.trustedTypes?.createPolicy("crm-gmail", { createHTML: (e) => e });
function cr(e, t, n) {
	let r = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${`default-src 'none'; img-src ${t ? "data: https: http:" : "data:"}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`}"><meta charset="utf-8"><meta name="referrer" content="no-referrer"><base target="_blank"><body style="${er}">${lr(e, n).replace(/<(?=i?frame)/gi, "&lt;")}`;
	return sr?.createHTML(r) ?? r;
}
function lr(e, t) {
	let n = /<([a-z0-9]+)[^>]*\sdata-quoted="true"[^>]*>/.exec(e);
	if (!n?.[1]) return e;
	let r = ur(n[1], e, n.index + n[0].length), i = t.replace(/[<>&"']/g, ""), a = e.slice(n.index, r);
	return `${e.slice(0, n.index)}<details><summary>${i}</summary>${a}</details>${e.slice(r)}`;
}
function ur(e, t, n) {
	let r = RegExp(`<(/?)${e}\\b[^>]*>`, "g");
	r.lastIndex = n;
	let i = 1;
	for (let e = r.exec(t); e; e = r.exec(t)) if (i += e[1] ? -1 : 1, i === 0) return e.index + e[0].length;
	return t.length;
}
async function dr(e, t, n) {
	let r = t;
	for (let { id: t } of e.attachments) {
		let e = RegExp(`(<img[^>]*\\ssrc=")[^"]*/attachments/${t.replace(/[^A-Za-z0-9]/g, "\\$&")}(?=")`, "g");
		if (!e.test(r)) continue;
		let i = await n(t).then(fr, () => "");
		r = r.replace(e, (e, t) => t + i);
	}
	return r;
}
async function fr(e) {
	return tr.test(e.type) ? new Promise((t, n) => {
		let r = new FileReader();
		r.onload = () => t(String(r.result)), r.onerror = () => n(r.error), r.readAsDataURL(e);
	}) : "";
}
function pr(e, t) {
	let n = e.replace(/<details>[\s\S]*<\/details>/, "<br>"), r = n.replace(/<[^>]*>/g, "").length, i = (n.match(nr) ?? []).length + r * ir / Math.max(200, t), a = [...n.matchAll(/<img\b[^>]*>/g)].map((e) => mr(e[0])), o = i * rr + a.reduce((e, t) => e + t, 0) + 48;
	return Math.round(Math.min(or.most, Math.max(or.least, o)));
}
function mr(e) {
	let t = /\sheight="(\d+)/.exec(e)?.[1];
	return t === void 0 ? ar : Number(t);
}
// src/message.ts
var hr = [
	"reply",
	"reply_all",
	"forward"
], Z = class extends B {
	constructor(...e) {
		super(...e), this.given = null, this.drafts = [], this.message = null, this.page = null, this.height = 0, this.why = null, this.thread = null, this.answering = null, this.draft = null;
	}
	static {
		this.styles = [H, o`
      iframe {
        inline-size: 100%;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
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
      /* Whose buttons are whose. */
      details > gmail-message {
        border-inline-start: 3px solid var(--_line);
        padding-inline-start: calc(var(--_gap) / 2);
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
		let e = this.message?.images === "show";
		await this.doing(async () => this.show(!e && this.given || await this.read(e))), this.message?.unread && this.message.owner.you && this.markRead();
	}
	read(e) {
		return this.api.call("GET", e ? `${this.path}?images=show` : this.path);
	}
	async show(e) {
		if (e.html !== null) {
			let t = (e) => this.bytes(e);
			this.page = await dr(e, e.html, t), this.height ||= pr(lr(this.page, ""), this.clientWidth);
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
		await this.doing(async () => this.show(await this.read(!0)));
	}
	async saveFile(e) {
		await this.doing(async () => Nt(await this.bytes(e.id), e.name || e.id));
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
			this.why = null;
			let t = `skip.${e.skipped[0]?.because ?? ""}`, n = F(t) ? ` ${this.say(t)}` : "";
			this.said = e.reversed > 0 ? this.say("label.undone") : this.say("label.not_undone") + n, e.reversed > 0 && this.changed("undone");
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
		return S`
      <div role="status">${this.said ? S`<p class="quiet">${this.said}</p>` : T}</div>
      ${this.fault ? this.wrong() : T}
      ${e ? this.opened(e) : T}
      ${e || this.fault ? T : S`<p class="quiet" aria-busy="true">${this.say("list.loading")}</p>`}
    `;
	}
	wrong() {
		return S`<p class="wrong" role="alert">${this.explain(this.fault)}</p>
      ${this.message ? T : S`<button @click=${() => this.load()}>${this.say("list.again")}</button>`}`;
	}
	opened(e) {
		return S`
      <p class="quiet">
        ${this.people("message.to", e.to)} ${e.cc.length > 0 ? this.people("message.cc", e.cc) : T}
      </p>
      ${e.verified === !1 ? S`<p class="quiet">⚠ ${this.say("message.unverified")}</p>` : T}
      ${e.notes.map((e) => this.note(e))} ${this.pictures(e)} ${this.body(e)}
      ${this.files(e)} ${this.label(e)} ${this.conversation(e)} ${this.answer(e)}
    `;
	}
	people(e, t) {
		return S`<bdi>${this.say(e, { names: t.map((e) => e.name || e.address).join(", ") })}</bdi>`;
	}
	note(e) {
		let t = `note.${e}`;
		return S`<p class="quiet">${this.say(F(t) ? t : "note.other")}</p>`;
	}
	pictures(e) {
		return e.remote_images === 0 || e.images === "show" ? T : S`<div class="row">
      <span class="quiet">${this.say("message.pictures_blocked", { n: e.remote_images })}</span>
      <button @click=${() => this.showPictures()}>${this.say("message.pictures_show")}</button>
    </div>`;
	}
	body(e) {
		let { page: t } = this;
		if (t !== null) {
			let n = e.images === "show", r = Zn([t, n], () => cr(t, n, this.say("message.earlier")));
			return S`<iframe
          sandbox=${$n}
          referrerpolicy="no-referrer"
          title=${this.say("message.frame")}
          height=${this.height}
          .srcdoc=${r}
        ></iframe>
        <button class="plain" @click=${() => this.height = Math.round(this.height * 1.8)}>
          ${this.say("message.taller")}
        </button>`;
		}
		if (!e.text.trim()) return S`<p class="quiet">${this.say("message.empty")}</p>`;
		let n = e.text.split("\n"), r = e.quote_line ?? n.length;
		return S`<div class="text" dir="auto">${n.slice(0, r).join("\n").trimEnd()}</div>
      ${r < n.length ? S`<details>
            <summary>${this.say("message.earlier")}</summary>
            <div class="text quiet" dir="auto">${n.slice(r).join("\n")}</div>
          </details>` : T}`;
	}
	files(e) {
		let t = Mt(e);
		return t.length === 0 ? T : S`<div class="row" role="group" aria-label=${this.say("message.files")}>
      ${t.map((e) => S`<button @click=${() => this.saveFile(e)}>
          <bdi>${e.name || e.id}</bdi> · ${this.formats.size(e.size)}
        </button>`)}
    </div>`;
	}
	label(e) {
		if (!e.owner.you || e.direction === "out") return T;
		let t = e.category ? `category.${e.category}` : "label.none";
		return S`<div class="row">
        <span class="chip ${e.category ?? ""}">${this.say(t)}</span>
        <button class="plain" aria-expanded=${this.why !== null} @click=${() => this.ask()}>
          ${this.say("label.why")}
        </button>
        ${e.category ? S`<button class="plain" @click=${() => this.undo()}>${this.say("label.undo")}</button>` : T}
      </div>
      ${this.why ? Qn(this.why, (e, t) => this.say(e, t), this.formats) : T}`;
	}
	conversation(e) {
		if (this.given) return T;
		if (this.thread === null) return S`<p><button class="plain" @click=${() => this.readThread()}>${this.say("thread.show")}</button></p>`;
		let t = this.thread.filter((t) => t.id !== e.id);
		return t.length === 0 ? S`<p class="quiet" role="status">${this.say("thread.alone")}</p>` : S`<h3>${this.say("thread.title")}</h3>
      ${t.map((e) => S`<details>
          <summary><bdi>${e.from.name || e.from.address}</bdi> · ${this.formats.moment(e.date)}</summary>
          <gmail-message .returnUrl=${this.returnUrl} .endpoint=${this.endpoint} .token=${this.token} .summary=${e} .given=${e} .drafts=${this.drafts}></gmail-message>
        </details>`)}`;
	}
	answer(e) {
		if (!e.owner.you) return T;
		if (this.answering === null) {
			let t = this.unsent(e);
			return S`${t ? this.drafted(t) : T}<div class="row">
        ${hr.map((e) => S`<button data-mode=${e} @click=${() => this.write(e)}>${this.say(`compose.${e}`)}</button>`)}
      </div>`;
		}
		return S`<gmail-composer
      .returnUrl=${this.returnUrl}
      .endpoint=${this.endpoint}
      .token=${this.token}
      .mailbox=${this.summary.mailbox}
      .answered=${e}
      .mode=${this.answering}
      .draft=${this.draft}
      @gmail-composer-closed=${(e) => this.answered(e.detail.sent)}
    ></gmail-composer>`;
	}
	write(e, t = null) {
		this.draft = t, this.answering = e;
	}
	unsent(e) {
		return this.drafts.find((t) => t.in_reply_to !== null && t.in_reply_to === e.message_id);
	}
	drafted(e) {
		return Gn(e, () => this.write(wn(e), e), () => this.discard(e), (e, t) => this.say(e, t), this.formats);
	}
	async discard(e) {
		await this.doing(() => Cn(this.api, e.id)) && this.changed("drafted");
	}
	answered(e) {
		let t = this.shadowRoot?.activeElement?.matches("gmail-composer"), n = `[data-mode="${this.answering}"]`;
		this.answering = null, t && this.focusOn(n), e && (this.said = this.say("compose.sent")), this.changed(e ? "sent" : "drafted");
	}
};
z([A({ attribute: !1 })], Z.prototype, "summary", void 0), z([A({ attribute: !1 })], Z.prototype, "given", void 0), z([A({ attribute: !1 })], Z.prototype, "drafts", void 0), z([j()], Z.prototype, "message", void 0), z([j()], Z.prototype, "page", void 0), z([j()], Z.prototype, "height", void 0), z([j()], Z.prototype, "why", void 0), z([j()], Z.prototype, "thread", void 0), z([j()], Z.prototype, "answering", void 0), Z = z([k("gmail-message")], Z);
// src/shares.ts
var gr = /* @__PURE__ */ new Map(), _r = 0;
function vr(e, t, n) {
	return JSON.stringify([
		e.endpoint,
		t,
		n
	]);
}
async function yr(e, t, n) {
	let r, i;
	do
		await gr.get(vr(e, t, n))?.done, r = _r, i = await Cr(e, n);
	while (r !== _r);
	return i;
}
function br(e, t, n, r) {
	_r += 1;
	let i = vr(e, t, n), a = gr.get(i);
	if (a) return Object.assign(a, {
		on: r,
		api: e
	}), a.done;
	let o = {
		on: r,
		api: e,
		done: Promise.resolve({
			stands: r,
			fault: null
		})
	};
	return gr.set(i, o), o.done = xr(i, n, o), o.done;
}
async function xr(e, t, n) {
	window.addEventListener("beforeunload", Sr);
	let r = !n.on;
	try {
		for (;;) {
			let { on: e, api: i } = n, a = null;
			try {
				await i.call(e ? "PUT" : "DELETE", `/oauth/mailbox/shares/${encodeURIComponent(t)}`), r = e;
			} catch (o) {
				a = o, e === n.on && (r = await Cr(i, t).catch(() => r));
			}
			if (e === n.on) return {
				stands: r,
				fault: a
			};
		}
	} finally {
		gr.delete(e), gr.size === 0 && window.removeEventListener("beforeunload", Sr);
	}
}
function Sr(e) {
	e.preventDefault();
}
async function Cr(e, t) {
	let n = null;
	do {
		let r = n === null ? "" : `&cursor=${encodeURIComponent(n)}`, i = await e.call("GET", `/oauth/mailbox/shares?limit=1000${r}`);
		if (i.items.some((e) => e.contact_id === t)) return !0;
		n = i.next_cursor;
	} while (n !== null);
	return !1;
}
// src/source-card.ts
function wr(e, t, n) {
	if (e.status === "ok") return T;
	let r = `source.${e.status}`, i = e.owner.you && e.status !== "late" && e.status !== "throttled";
	return S`<p class="card" role="status">
    ${n(F(r) ? r : "source.down", { name: e.owner.name })} ${i ? Tr(t, n) : T}
  </p>`;
}
function Tr(e, t) {
	return e ? S`<a href=${e}>${t("mail.to_settings")}</a>` : T;
}
function Er(e, t, n) {
	return S`<div class="card row">
    <p role="status">${n("mail.no_tools")} ${e}</p>
    <button class="again" @click=${t}>${n("list.again")}</button>
  </div>`;
}
var Dr = "1000px 0px", Or = 88, kr = class {
	#e;
	#t;
	#n = /* @__PURE__ */ new Set([0]);
	#r = /* @__PURE__ */ new Map();
	#i;
	#a = /* @__PURE__ */ new Set();
	#o = /* @__PURE__ */ new Map();
	constructor(e, t) {
		this.#e = e, this.#t = t, e.addController(this);
	}
	hostConnected() {
		let e = {
			rootMargin: Dr,
			scrollMargin: Dr
		};
		this.#i = new IntersectionObserver((e) => this.#s(e), e), this.#e.requestUpdate();
	}
	hostDisconnected() {
		this.#i?.disconnect(), this.#i = void 0, this.#a.clear();
	}
	hostUpdated() {
		let e = this.#i;
		if (!e) return;
		let t = new Set(this.#t().querySelectorAll("[data-block]"));
		for (let n of this.#a) t.has(n) || e.unobserve(n);
		for (let n of t) this.#a.has(n) || e.observe(n);
		this.#a = t;
	}
	blocks(e, t) {
		let n = /* @__PURE__ */ new Map(), r = [], i = Ar(e.map((e) => this.#o.get(t(e))));
		for (let [a, o] of e.entries()) {
			let e = r.at(-1), s = e && e.rows.length < 10 ? e.number : (e?.number ?? -1) + 1, c = Math.max(i[a] ?? s, e?.number ?? 0);
			n.set(t(o), c), e?.number === c ? e.rows.push(o) : r.push({
				number: c,
				at: a,
				rows: [o]
			});
		}
		return this.#o = n, r;
	}
	forget() {
		this.#o.clear(), this.#r.clear(), this.#n.clear(), this.#n.add(0);
	}
	isNear(e) {
		return this.#n.has(e);
	}
	heightOf(e, t) {
		let n = this.#r.get(e);
		if (n !== void 0) return n;
		let r = [...this.#r.values()], i = r.length > 0 ? r.reduce((e, t) => e + t, 0) / (r.length * 10) : Or;
		return Math.round(i * t);
	}
	bring(e, t, n) {
		let r = this.blocks(t, n).find((t) => t.rows.includes(e));
		r && this.#n.add(r.number);
	}
	#s(e) {
		let t = this.#r.size, n = !1;
		for (let t of e) {
			let e = Number(t.target.dataset.block), r = this.#n.has(e);
			r && this.#r.set(e, t.boundingClientRect.height);
			let i = t.isIntersecting || jr(t.target);
			i !== r && (n = !0, i ? this.#n.add(e) : this.#n.delete(e));
		}
		(n || t === 0 && this.#r.size > 0) && this.#e.requestUpdate();
	}
};
function Ar(e) {
	let t;
	return e.toReversed().map((e) => t = e ?? t).toReversed();
}
function jr(e) {
	return e.matches(":focus-within") || e.querySelector("gmail-message") !== null;
}
// src/record.ts
var Mr = 25, Q = class extends B {
	constructor(...e) {
		super(...e), this.contactId = "", this.settingsUrl = null, this.contact = null, this.mails = [], this.sources = [], this.next = null, this.open = null, this.composing = !1, this.drafts = [], this.draft = null, this.offline = !navigator.onLine, this.loadingMore = !1, this.mailbox = void 0, this.unknown = null, this.turn = 0, this.readings = 0, this.windowed = new kr(this, () => this.renderRoot), this.isShared = null, this.word = (e, t) => this.say(e, t), this.onLine = () => {
			this.offline = !navigator.onLine, this.offline || this.refresh();
		};
	}
	static {
		this.styles = [
			H,
			Jn,
			o`
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
		super.willUpdate(e), e.has("contactId") && e.get("contactId") !== void 0 && (this.leave(), e.has("token") || this.load());
	}
	leave() {
		this.turn += 1, this.contact = null, this.mails = [], this.sources = [], this.next = null, this.open = null, this.composing = !1, this.draft = null, this.drafts = [], this.isShared = null, this.unknown = null, this.loadingMore = !1, this.fault = null, this.said = "", this.windowed.forget();
	}
	async ofThisContact(e) {
		let { turn: t } = this, n = await e;
		if (t !== this.turn) throw Error("another contact is shown");
		return n;
	}
	doing(e) {
		let { turn: t } = this;
		return super.doing(async () => {
			try {
				await e();
			} catch (e) {
				if (t === this.turn) throw e;
			}
		});
	}
	async refresh() {
		await this.load();
	}
	pagePath(e) {
		let t = e === null ? "" : `&cursor=${encodeURIComponent(e)}`;
		return `/proxy/contacts/${encodeURIComponent(this.contactId)}/messages?limit=${Mr}${t}`;
	}
	async load() {
		if (this.contactId === "") return;
		this.loadSharing();
		let { said: e } = this, t = ++this.readings;
		await this.doing(async () => {
			let n = await this.ofThisContact(this.api.call("GET", this.pagePath(null)));
			if (this.said ||= e, t !== this.readings) return;
			let r = this.contact === null ? [] : Kn(n, this.mails);
			this.contact = n.contact, this.mails = qn([...n.items, ...r], this.mails.find((e) => X(e) === this.open)), this.sources = n.sources, r.length === 0 && (this.next = n.next_cursor);
		});
	}
	async loadSharing() {
		let { turn: e } = this;
		try {
			this.mailbox = await this.ofThisContact(this.api.mailbox());
			let e = this.mailbox?.settings.sharing === "custom" ? this.mailbox : null;
			this.isShared = e ? await this.ofThisContact(yr(this.api, e.id, this.contactId)) : null;
			let t = this.shadowRoot?.activeElement?.matches(".again");
			this.unknown = null, t && this.focusOn(".write"), await this.loadDrafts();
		} catch (t) {
			if (e !== this.turn) return;
			this.mailbox = void 0, this.unknown = t;
		}
	}
	async loadDrafts() {
		this.drafts = this.mailbox && R("send", this.mailbox) ? await Sn(this.api) : [];
	}
	async more() {
		if (this.loadingMore) return;
		this.loadingMore = !0;
		let e = this.mails.length, { turn: t } = this, n;
		if (await this.doing(async () => {
			let e = await this.ofThisContact(this.api.call("GET", this.pagePath(this.next)));
			n = this.shadowRoot?.activeElement?.matches(".older"), this.mails = [...this.mails, ...e.items], this.sources = e.sources, this.next = e.next_cursor;
		}), t !== this.turn) return;
		this.loadingMore = !1;
		let r = this.mails[e];
		r && this.windowed.bring(r, this.mails, X), this.requestUpdate(), n && await this.focusOn(`li[aria-posinset="${e + 1}"] > .head`);
	}
	async share(e, t) {
		this.isShared = t, await this.doing(async () => {
			let { stands: n, fault: r } = await this.ofThisContact(br(this.api, e, this.contactId, t));
			if (this.isShared = n, r) throw r;
			this.said = this.say(n ? "share.on" : "share.off");
		});
	}
	changed(e) {
		let { what: t, id: n } = e.detail, r = t === "read" ? { unread: !1 } : t === "undone" ? { category: null } : {};
		this.mails = this.mails.map((e) => e.id === n && e.owner.you ? {
			...e,
			...r
		} : e), t === "drafted" ? this.loadDrafts() : t !== "read" && this.refresh();
	}
	closed(e) {
		let t = this.shadowRoot?.activeElement?.matches("gmail-composer");
		this.composing = !1, t && this.focusOn(".write"), e ? (this.said = this.say("compose.sent"), this.refresh()) : this.loadDrafts();
	}
	render() {
		return S`
      <div role="status">${this.said ? S`<p class="quiet">${this.said}</p>` : T}</div>
      ${this.offline ? S`<p class="wrong card" role="alert">${this.say("problem.offline")}</p>` : T}
      ${this.fault && !this.offline ? this.wrong() : T} ${this.contact ? this.page(this.contact) : this.waiting()}
    `;
	}
	waiting() {
		return this.fault ? T : S`<section class="card" aria-busy="true"><p class="quiet">${this.say("mail.loading")}</p></section>`;
	}
	wrong() {
		return S`<section class="card">
      <p class="wrong" role="alert">${this.explain(this.fault)}</p>
      <button @click=${() => this.refresh()}>${this.say("list.again")}</button>
    </section>`;
	}
	page(e) {
		return S`<div class="columns">
      <div>${Un(e, this.word, this.formats)}</div>
      <section aria-labelledby="mail">
        <div class="row top">
          <h2 id="mail">${this.say("mail.title")}</h2>
          ${this.mailbox ? this.tools(this.mailbox.id) : T}
        </div>
        ${this.unknown && !this.fault ? Er(this.explain(this.unknown), () => this.loadSharing(), this.word) : T}
        ${this.failed()}
        ${this.composing ? this.composer(e) : this.unsent(e)} ${this.sources.map((e) => wr(e, this.settingsUrl, this.word))}
        ${this.mailbox === null ? S`<p class="card">${this.say("mail.not_connected")} ${Tr(this.settingsUrl, this.word)}</p>` : T}
        ${this.list()}
      </section>
    </div>`;
	}
	tools(e) {
		return S`<div class="row">
      ${this.isShared === null ? T : S`<label class="row">
            <input
              type="checkbox"
              .checked=${vn(this.isShared)}
              @change=${(t) => this.share(e, t.target.checked)}
            />
            ${this.say("share.email")}
          </label>`}
      <button class="write" ?disabled=${this.composing} @click=${() => this.write()}>${this.say("compose.new")}</button>
    </div>`;
	}
	write(e = null) {
		this.draft = e, this.composing = !0;
	}
	unsent(e) {
		let t = (e) => this.doing(() => Cn(this.api, e.id).then(() => this.loadDrafts()));
		return this.drafts.filter((t) => t.in_reply_to === null && Tn(t, e.addresses)).map((e) => Gn(e, () => this.write(e), () => t(e), this.word, this.formats));
	}
	composer(e) {
		let { turn: t } = this;
		return S`<gmail-composer
      .returnUrl=${this.returnUrl}
      .endpoint=${this.endpoint}
      .token=${this.token}
      .mailbox=${this.mailbox?.id ?? w}
      .to=${e.addresses[0] ?? ""}
      .draft=${this.draft}
      @gmail-composer-closed=${(e) => {
			t === this.turn && this.closed(e.detail.sent);
		}}
    ></gmail-composer>`;
	}
	failed() {
		return S`<gmail-failed-mails .mailbox=${this.mailbox} @gmail-changed=${(e) => this.changed(e)}></gmail-failed-mails>`;
	}
	list() {
		return this.mails.length === 0 ? S`<p class="card quiet">${this.say("mail.none")}</p>` : S`<div class="card list" role="list" aria-labelledby="mail" @gmail-changed=${(e) => this.changed(e)}>
        ${et(this.windowed.blocks(this.mails, X), (e) => e.number, (e) => this.block(e))}
      </div>
      ${this.next ? S`<button class="older" aria-disabled=${this.loadingMore} @click=${() => this.more()}>${this.say("mail.more")}</button>` : T}`;
	}
	block({ number: e, at: t, rows: n }) {
		let r = this.windowed.isNear(e);
		return S`<ul class="plain" role="presentation" data-block=${e} .style=${r ? "" : `block-size:${this.windowed.heightOf(e, n.length)}px`}>
      ${r ? et(n, X, (e, n) => this.row(e, t + n)) : T}
    </ul>`;
	}
	row(e, t) {
		let n = X(e), r = this.open === n, i = () => {
			let e = this.open !== null;
			this.open = r ? null : n, e && this.updateComplete.then(() => this.loadDrafts());
		}, a = this.next === null ? this.mails.length : -1, o = e.owner.you && this.drafts.some((t) => t.in_reply_to !== null && t.thread_id === e.thread_id);
		return S`<li class="mail" role="listitem" aria-posinset=${t + 1} aria-setsize=${a}>
      ${Yn(e, r, o, `mail-${n}`, i, this.word, this.formats)}
      ${r ? S`<div class="body" id=${`mail-${n}`}>
            <gmail-message .returnUrl=${this.returnUrl} .endpoint=${this.endpoint} .token=${this.token} .summary=${e} .drafts=${this.drafts}></gmail-message>
          </div>` : T}
    </li>`;
	}
};
z([A({ attribute: "contact-id" })], Q.prototype, "contactId", void 0), z([A({ attribute: "settings-url" })], Q.prototype, "settingsUrl", void 0), z([j()], Q.prototype, "contact", void 0), z([j()], Q.prototype, "mails", void 0), z([j()], Q.prototype, "sources", void 0), z([j()], Q.prototype, "next", void 0), z([j()], Q.prototype, "open", void 0), z([j()], Q.prototype, "composing", void 0), z([j()], Q.prototype, "drafts", void 0), z([j()], Q.prototype, "offline", void 0), z([j()], Q.prototype, "loadingMore", void 0), z([j()], Q.prototype, "mailbox", void 0), z([j()], Q.prototype, "unknown", void 0), z([j()], Q.prototype, "isShared", void 0), Q = z([k("gmail-record")], Q);
// src/settings-parts.ts
var Nr = o`
  fieldset {
    border: 0;
    margin: 0 0 var(--_gap);
    padding: 0;
  }
  legend {
    font-weight: 700;
    padding: 0;
  }
  progress {
    inline-size: 100%;
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
  legend {
    margin-block-end: calc(var(--_gap) / 3);
  }
  ul.aliases {
    margin-block-end: calc(var(--_gap) / 2);
  }
  .sample {
    margin-block: 0 calc(var(--_gap) / 3);
    overflow-wrap: anywhere;
  }
  .farewell {
    margin-block: calc(var(--_gap) / 2);
  }
  .means {
    padding-inline-start: 2.06em;
  }
`;
function Pr(e, t) {
	let { newly_visible: n, no_longer_visible: r } = e;
	return !n || !r ? S`<p role="status">${t("sharing.untold")}</p>` : S`<p role="status">
    ${n.contacts > 0 ? S`${t("sharing.newly", Fr(n))} ${Ir(n)}` : T}
    ${r.contacts > 0 ? S`${t("sharing.no_longer", Fr(r))} ${Ir(r)}` : T}
    ${n.contacts + r.contacts === 0 ? t("sharing.no_change") : T}
    ${e.complete ? T : t("sharing.incomplete")}
  </p>`;
}
function Fr(e) {
	return {
		colleagues: e.colleagues,
		contacts: e.contacts
	};
}
function Ir({ names: e, colleagues: t }) {
	return e.length === 0 ? T : S`<span class="quiet">(${e.join(", ")}${e.length < t ? ", …" : T})</span>`;
}
function Lr(e, t, n) {
	let r = (e) => t(e ? "receipt.yes" : "receipt.no");
	return S`<section class="card" role="status">
    <h2>${t("receipt.title")}</h2>
    <dl>
      <dt>${t("receipt.watch")}</dt>
      <dd>${r(e.watch_stopped)}</dd>
      <dt>${t("receipt.revoked")}</dt>
      <dd>${r(e.revoked)}</dd>
      <dt>${t("receipt.erased")}</dt>
      <dd>${n.number(Object.values(e.erased).reduce((e, t) => e + t, 0))}</dd>
      <dt>${t("receipt.inbox")}</dt>
      <dd>${n.number(e.inbox_restored)}</dd>
    </dl>
  </section>`;
}
function Rr(e, t) {
	return S`<h3>${t("aliases.title")}</h3>
    <ul class="plain aliases">
      ${e.map((e) => S`<li>
          <bdi>${e.name} &lt;${e.address}&gt;</bdi>
          ${e.default ? S`<span class="chip">${t("aliases.default")}</span>` : T}
          ${e.verified ? T : S`<span class="chip">${t("aliases.unverified")}</span>`}
        </li>`)}
    </ul>`;
}
function zr({ settings: e }) {
	let { sharing: t, mailmagnet: n, labels: r, never_shared: i } = e;
	return {
		sharing: t,
		mailmagnet: n,
		labels: r,
		never_shared: i.join("\n")
	};
}
function Br({ never_shared: e, ...t }) {
	return e === void 0 ? t : {
		...t,
		never_shared: e.split(/[\s,]+/).filter((e) => e !== "")
	};
}
function Vr(e, t, n) {
	return S`<p>${t(e.exact ? "labels.would_leave" : "labels.would_leave_about", { n: e.leaves_inbox })}</p>
    ${V.filter((t) => e.counts[t] > 0).map((r) => S`<p class="sample">${t(`category.${r}`)} · ${n.number(e.counts[r])}</p>
        <ul class="plain quiet sample">
          ${e.samples[r].map(({ from: e, subject: n }) => S`<li><bdi>${e.name || e.address}</bdi> · <bdi>${n || t("mail.no_subject")}</bdi></li>`)}
        </ul>`)}`;
}
function Hr(e, t, n) {
	let { state: r, done: i, total: a } = e.labeling;
	return r === "backfill" ? S`<label>
    ${t("labels.backfill", {
		done: n.number(i),
		total: n.number(a)
	})}
    <progress max=${a} value=${i}></progress>
  </label>` : T;
}
// src/settings.ts
var Ur = 1e4, Wr = [
	"private",
	"custom",
	"public"
], $ = class extends B {
	constructor(...e) {
		super(...e), this.mailbox = void 0, this.draft = null, this.visibility = null, this.preview = null, this.receipt = null, this.leaving = !1, this.aliases = null, this.showsRuns = !1, this.read = null, this.tag = null, this.lookLater = () => {
			clearTimeout(this.look), this.mailbox?.labeling.state === "backfill" && !document.hidden && this.isConnected && (this.look = setTimeout(() => void this.readProgress(), Ur));
		}, this.word = (e, t) => this.say(e, t);
	}
	static {
		this.styles = [H, Nr];
	}
	connectedCallback() {
		super.connectedCallback(), document.addEventListener("visibilitychange", this.lookLater), this.lookLater();
	}
	disconnectedCallback() {
		super.disconnectedCallback(), document.removeEventListener("visibilitychange", this.lookLater), clearTimeout(this.look);
	}
	async load() {
		await this.doing(async () => {
			let { body: e, tag: t } = await this.api.taggedMailbox();
			this.show(e, t);
		});
	}
	async readProgress() {
		let e = this.mailbox, t = await this.api.mailbox().catch(() => null);
		t && e && e === this.mailbox && (this.mailbox = {
			...e,
			labeling: t.labeling
		}), this.lookLater();
	}
	show(e, t = null) {
		this.mailbox = e, this.tag = t, this.read = e ? zr(e) : null, this.draft = this.read, this.lookLater(), this.visibility = null, this.preview = null, e?.status === "connected" ? this.loadAliases() : this.aliases = null;
	}
	async loadAliases() {
		try {
			this.aliases = (await this.api.call("GET", "/proxy/aliases")).items;
		} catch {
			this.aliases = null;
		}
	}
	authenticate() {
		let e = vt();
		return this.doing(async () => {
			let t = await this.ask(e, ht(this.mailbox ?? null));
			t && (this.show(t), this.receipt = null, this.said = this.say("settings.connected_now"));
		});
	}
	ask(e, t) {
		return this.said = this.say("settings.waiting"), this.askGoogle(e, t);
	}
	needsStep(e) {
		return e.labels && this.mailbox != null && !R("labels", this.mailbox);
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
		this.visibility = null;
		let { read: e } = this, t = this.draft?.sharing;
		await this.doing(async () => {
			let n = await this.api.call("POST", "/oauth/mailbox/settings:preview", { sharing: t });
			t === this.draft?.sharing && e === this.read && (this.visibility = n);
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
		let n = this.needsStep(t) ? vt() : void 0;
		await this.doing(async () => {
			if (n !== void 0) {
				let e = await this.ask(n, ht(this.mailbox ?? null, ["labels"]));
				if (!e) return;
				if (this.mailbox = e, this.needsStep(t)) throw new L(0, { code: "step_refused" });
			}
			await this.patch(this.read ? Qt(this.read, t) : t);
		});
	}
	async patch(e) {
		try {
			let { body: t, tag: n } = await this.api.tagged("PATCH", "/oauth/mailbox", Br(e), ct(this.tag));
			this.show(t, n), this.said = this.say("settings.saved");
		} catch (t) {
			if (!lt(t)) throw t;
			let { body: n, tag: r } = await this.api.taggedMailbox();
			this.showWith(e, n, r), this.said = this.say("settings.changed_elsewhere");
		}
	}
	showWith(e, t, n) {
		this.show(t, n), this.draft &&= {
			...this.draft,
			...e
		};
	}
	async pause(e) {
		await this.doing(async () => {
			let { body: t, tag: n } = await this.api.tagged("PATCH", "/oauth/mailbox", { paused: e });
			this.showWith(this.read && this.draft ? Qt(this.read, this.draft) : {}, t, n), this.said = this.say(e ? "settings.paused_now" : "settings.resumed_now");
		});
	}
	async disconnect(e) {
		await this.doing(async () => {
			this.receipt = await this.api.call("DELETE", `/oauth/mailbox?labels=${e}`), this.leaving = !1, this.show(null);
		});
	}
	async exportHeld() {
		await this.doing(async () => {
			let e = await this.api.call("GET", "/oauth/mailbox/data");
			Nt(new Blob([JSON.stringify(e, null, 2)], { type: "application/json" }), "crm-gmail-data.json");
		});
	}
	render() {
		return S`
      <div role="status">${this.said ? S`<p class="quiet">${this.said}</p>` : T}</div>
      ${this.fault ? S`<p class="wrong" role="alert">${this.sentence(this.fault)}</p>` : T}
      ${this.account()} ${this.mailbox && this.draft ? this.form(this.mailbox, this.draft) : T}
      ${this.mailbox ? this.held() : T} ${this.receipt ? Lr(this.receipt, this.word, this.formats) : T}
    `;
	}
	sentence(e) {
		return e instanceof L && e.code === "consent_expired" ? this.say("settings.expired") : e instanceof L && e.code === "step_refused" ? this.say("step.refused") : this.explain(e);
	}
	account() {
		let { mailbox: e } = this;
		return e === void 0 && this.fault ? S`<section class="card">
        <h2>${this.say("settings.account")}</h2>
        <button @click=${() => this.load()}>${this.say("list.again")}</button>
      </section>` : e === void 0 ? S`<section class="card" aria-busy="true"><p class="quiet">${this.say("list.loading")}</p></section>` : S`<section class="card">
      <h2>${this.say("settings.account")}</h2>
      ${e ? this.connected(e) : S`<p>${this.say("settings.none")}</p>
            <p class="quiet">${this.say("settings.asks_first")}</p>`}
      ${this.byHand()}
      <div class="row">
        ${!e || gt(e) ? S`<button class="main" @click=${() => this.authenticate()}>
              ${this.say(e ? "settings.reconnect" : "settings.authenticate")}
            </button>` : T}
        ${e ? this.accountButtons(e) : T}
      </div>
      ${this.leaving ? this.farewell() : T}
    </section>`;
	}
	connected(e) {
		return S`<p>
        ${this.say("settings.connected_to")} <bdi>${e.email}</bdi>
        <span class="chip">${this.say(`status.${e.status}`)}</span>
      </p>
      <p class=${e.health.act ? "wrong" : "quiet"}>${e.health.detail}</p>
      ${e.warnings.map((e) => S`<p class="wrong">${e.detail}</p>`)}
      ${this.aliases?.length ? Rr(this.aliases, this.word) : T}`;
	}
	accountButtons(e) {
		let t = e.status === "paused";
		return S`<button @click=${() => this.pause(!t)}>
        ${this.say(t ? "settings.resume" : "settings.pause")}
      </button>
      <button aria-expanded=${this.leaving} @click=${() => this.leaving = !this.leaving}>
        ${this.say("settings.disconnect")}
      </button>`;
	}
	farewell() {
		return S`<p class="farewell">${this.say("settings.farewell")}</p>
      <div class="row">
        <button @click=${() => this.disconnect("keep")}>${this.say("settings.leave_keep")}</button>
        <button @click=${() => this.disconnect("remove")}>${this.say("settings.leave_remove")}</button>
      </div>`;
	}
	form(e, t) {
		let n = e.settings.fixed.includes("sharing");
		return S`<form class="card" @submit=${(e) => this.save(e)}>
      <fieldset ?disabled=${n}>
        <legend>${this.say("settings.sharing")}</legend>
        ${n ? S`<p class="quiet">${this.say("settings.fixed_by_admin")}</p>` : T}
        ${Wr.map((e) => this.sharingOption(e, t))} ${this.visibility ? Pr(this.visibility, this.word) : T}
      </fieldset>
      <fieldset>
        <legend>${this.say("settings.features")}</legend>
        ${this.tick("mailmagnet", t.mailmagnet, !1, (e) => this.change({ mailmagnet: e }))}
        ${this.tick("labels", t.labels, !t.mailmagnet, (e) => this.change({ labels: e }))}
        ${this.needsStep(t) ? S`<p role="status">${this.say("step.labels")}</p>` : T}
        ${this.labelsForeseen(e, t)} ${Hr(e, this.word, this.formats)}
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
		return S`<label class="option">
      <input
        type="radio"
        name="sharing"
        .checked=${t.sharing === e}
        @change=${() => this.change({ sharing: e })}
      />
      <span>${this.say(`sharing.${e}`)}<br /><span class="quiet">${this.say(`sharing.${e}_means`)}</span></span>
    </label>`;
	}
	tick(e, t, n, r) {
		return S`<label class="option">
        <input
          type="checkbox"
          .checked=${t}
          ?disabled=${n}
          aria-describedby=${`${e}-means`}
          @change=${(e) => r(e.target.checked)}
        />
        ${this.say(`feature.${e}`)}
      </label>
      <p class="quiet means" id=${`${e}-means`}>
        ${this.say(`feature.${e}_means`)} ${n ? this.say("feature.needs_mailmagnet") : T}
      </p>`;
	}
	labelsForeseen(e, t) {
		if (!t.labels || e.settings.labels) return T;
		let n = this.preview;
		return S`<p><button type="button" @click=${() => this.foreseeLabels()}>${this.say("labels.preview")}</button></p>
      <div role="status">${n ? Vr(n, this.word, this.formats) : T}</div>`;
	}
	held() {
		return S`<section class="card">
      <h2>${this.say("held.title")}</h2>
      <p class="quiet">${this.say("held.means")}</p>
      <div class="row">
        <button @click=${() => this.exportHeld()}>${this.say("held.export")}</button>
        <button aria-expanded=${this.showsRuns} @click=${() => this.showsRuns = !this.showsRuns}>
          ${this.say("held.runs")}
        </button>
      </div>
    </section>
    ${this.showsRuns ? S`<gmail-runs .endpoint=${this.endpoint} .token=${this.token}></gmail-runs>` : T}`;
	}
};
z([j()], $.prototype, "mailbox", void 0), z([j()], $.prototype, "draft", void 0), z([j()], $.prototype, "visibility", void 0), z([j()], $.prototype, "preview", void 0), z([j()], $.prototype, "receipt", void 0), z([j()], $.prototype, "leaving", void 0), z([j()], $.prototype, "aliases", void 0), z([j()], $.prototype, "showsRuns", void 0), $ = z([k("gmail-settings")], $);
export { G as GmailAdmin, K as GmailNotices, Q as GmailRecord, $ as GmailSettings, L as Problem, wt as handTicketBack };

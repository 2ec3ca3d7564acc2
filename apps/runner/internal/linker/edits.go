package linker

// edit replaces a passage that has to occur exactly once in a file of the release's sources: what is not there as expected
// means another Go release, and then no linker is built.
type edit struct {
	file, old, new string
}

var edits = []edit{
	// A link touches each page of its heap once, and a third of its time went to having them made, 4 KiB at a time. What the
	// runtime knows of large pages is in a file that slots do not have.
	{"runtime/mem_linux.go", `	setVMAName(p, n, vmaName)

	// Disable huge pages`, `	setVMAName(p, n, vmaName)
	const large = 2 << 20
	if from, to := alignUp(uintptr(v), large), alignDown(uintptr(v)+n, large); from < to {
		madvise(unsafe.Pointer(from), to-from, _MADV_HUGEPAGE)
	}

	// Disable huge pages`},
	{"cmd/link/internal/ld/main.go", `	default:
		addlibpath(ctxt, "command line", "command line", flag.Arg(0), "main", "", zerofp)
	}
`, `	default:
		loadAhead(ctxt)
		addMain(ctxt, flag.Arg(0))
	}
`},
	{"cmd/link/internal/ld/main.go", `	bench.Report(os.Stdout)

	errorexit()
`, `	bench.Report(os.Stdout)

	sayDone()
	errorexit()
`},
	{"cmd/link/internal/ld/lib.go", `func (ctxt *Link) loadlib() {
	var flags uint32
`, `func (ctxt *Link) startLoader() {
	var flags uint32
`},
	{"cmd/link/internal/ld/lib.go", `	// ctxt.Library grows during the loop, so not a range loop.
	i := 0
`, `}

func (ctxt *Link) loadlib() {
	if ctxt.loader == nil {
		ctxt.startLoader()
	}

	// ctxt.Library grows during the loop, so not a range loop.
	i := aheadLibraries
`},
	{"cmd/link/internal/loader/loader.go", `	r := goobj.NewReaderFromBytes(roObject, readonly)
`, `	touch(roObject)
	r := goobj.NewReaderFromBytes(roObject, readonly)
`},
	{"cmd/link/internal/loader/loader.go", `	npkgsyms    int // number of package symbols, for accounting
`, `	ahead ahead

	npkgsyms    int // number of package symbols, for accounting
`},
	{"cmd/link/internal/loader/loader.go", `func (l *Loader) LoadSyms(arch *sys.Arch) {
`, `func (l *Loader) LoadSyms(arch *sys.Arch) {
	if l.ahead.objects > 0 {
		st := l.finishAhead()
		l.finishLoad(st, l.objs[l.ahead.objects:], arch)
		return
	}
`},
	{"cmd/link/internal/loader/loader.go", `	for _, vr := range st.linknameVarRefs {
`, `	l.finishLoad(&st, l.objs[goObjStart:], arch)
}

func (l *Loader) finishLoad(st *loadState, objects []*oReader, arch *sys.Arch) {
	for _, vr := range st.linknameVarRefs {
`},
	{"cmd/link/internal/loader/loader.go", `	for _, r := range l.objs[goObjStart:] {
		loadObjRefs(l, r, arch)
	}
`, `	for _, r := range objects {
		loadObjRefs(l, r, arch)
	}
`},
	{"cmd/link/internal/loader/loader.go", `		gi := l.LookupOrCreateSym(name, v)
		r.syms[ndef+i] = gi
		if osym.IsLinkname()`, `		bindRef(l, r, ndef+i, l.LookupOrCreateSym(name, v))
	}
	loadPkgRefs(l, r)
}

// bindRef makes gi what the reference i of r is to.
func bindRef(l *Loader, r *oReader, i uint32, gi Sym) {
	osym := r.Sym(i)
	r.syms[i] = gi
	{
		if osym.IsLinkname()`},
	{"cmd/link/internal/loader/loader.go", `			l.checkLinkname(r, name, gi)
		}
		if osym.Local()`, `			l.checkLinkname(r, osym.Name(r.Reader), gi)
		}
		if osym.Local()`},
	{"cmd/link/internal/loader/loader.go", `	// referenced packages
	npkg := r.NPkg()
`, `}

func loadPkgRefs(l *Loader, r *oReader) {
	// referenced packages
	npkg := r.NPkg()
`},
	{"cmd/link/internal/ld/inittask.go", `ctxt.inittaskSym([]string{"main..inittask"}, "go:main.inittasks")`, `ctxt.inittaskSym(initRoots(), "go:main.inittasks")`},
	{"cmd/link/internal/ld/deadcode.go", `	d.ifaceMethod = make(map[methodsig]bool)
	d.genericIfaceMethod = make(map[string]bool)
`, `	if d.ifaceMethod == nil {
		d.ifaceMethod = make(map[methodsig]bool)
		d.genericIfaceMethod = make(map[string]bool)
	}
`},
	{"cmd/link/internal/ld/deadcode.go", `	ldr := ctxt.loader
	d := deadcodePass{ctxt: ctxt, ldr: ldr}
	d.init()
	d.flood()
`, `	d := continueReached(ctxt)
	d.init()
	d.finish()
	if *flagPruneWeakMap {
		d.mapinitcleanup()
	}
}

// finish marks everything that is reached from what is marked.
func (d *deadcodePass) finish() {
	ctxt := d.ctxt
	d.flood()
`},
	{"cmd/link/internal/ld/deadcode.go", `		d.flood()
	}
	if *flagPruneWeakMap {
		d.mapinitcleanup()
	}
}
`, `		d.flood()
	}
}
`},
}

package browser

import (
	"github.com/chromedp/cdproto/emulation"
)

// Look is how somebody looks at a page: the zero value is a laptop in light.
type Look struct {
	// Dark asks pages for dark colours.
	Dark bool
	// Phone is a small screen with touch.
	Phone bool
	// NoScript runs no script.
	NoScript bool
	// Moving lets pages move things; the others ask them not to.
	Moving bool
	// Forced is a theme of high contrast that overrules all colours.
	Forced bool
}

// see makes the tab look so. Time and language are those of Acme.
func (t *Tab) see() {
	t.tb.Helper()
	look := t.look
	screen := emulation.SetDeviceMetricsOverrideParams{Width: 1280, Height: 800, DeviceScaleFactor: 1}
	if look.Phone {
		screen = emulation.SetDeviceMetricsOverrideParams{Width: 390, Height: 844, DeviceScaleFactor: 2, Mobile: true}
		call(t, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 5})
	}
	call(t, emulation.SetDeviceMetricsOverride, screen)
	scheme, motion, forced := "light", "reduce", "none"
	if look.Dark {
		scheme = "dark"
	}
	if look.Moving {
		motion = "no-preference"
	}
	if look.Forced {
		forced = "active"
	}
	call(t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: motion}, {Name: "forced-colors", Value: forced},
	}})
	t.script(!look.NoScript)
	// Tabs work side by side, and each believes that it is in front.
	call(t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	call(t, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Europe/Berlin"})
	call(t, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: "en_US"})
}

// script lets scripts run, or not.
func (t *Tab) script(runs bool) {
	t.tb.Helper()
	call(t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !runs})
}

// Fits reports whether the page is no wider than the screen, so that nobody has
// to scroll sideways, and else what is wider.
func (t *Tab) Fits() (wider string, ok bool) {
	t.tb.Helper()
	wider = Evaluate[string](t, `(() => {
		const page = document.documentElement
		if (page.scrollWidth <= page.clientWidth) return ""
		const clipped = e => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) if (getComputedStyle(p).overflowX !== "visible") return true }
		const wide = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > page.clientWidth + 1 && !clipped(e))
		return "the page is " + page.scrollWidth + " wide, the screen " + page.clientWidth + ": " + wide.slice(0, 5).map(e => e.cloneNode().outerHTML).join(" ")
	})()`)
	return wider, wider == ""
}

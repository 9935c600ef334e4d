package browser

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"iter"
	"slices"

	"github.com/chromedp/cdproto/page"
)

// Picture returns the screen as a small PNG of at most 256 colours.
func (t *Tab) Picture() []byte {
	t.tb.Helper()
	t.settle()
	Evaluate[any](t, "document.activeElement?.blur()") // a caret blinks
	if !t.look.NoScript {
		Evaluate[any](t, "document.fonts.ready.then(() => 0)")
	}
	full, err := png.Decode(bytes.NewReader(t.still()))
	if err != nil {
		t.tb.Fatalf("read the picture: %v", err)
	}
	var small bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&small, withPalette(full)); err != nil {
		t.tb.Fatalf("write the picture: %v", err)
	}
	return small.Bytes()
}

// mostShots is how often the screen is taken before it counts as it is.
const mostShots = 6

// still takes the screen until it is the same twice: a busy browser first draws
// some parts coarsely.
func (t *Tab) still() []byte {
	t.tb.Helper()
	var last []byte
	for range mostShots {
		shot := call(t, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng})
		if bytes.Equal(shot.Data, last) {
			break
		}
		last = shot.Data
	}
	return last
}

// withPalette draws a picture with the 256 colours that serve it best. It does
// not mix dots, which would not compress.
func withPalette(full image.Image) *image.Paletted {
	bounds := full.Bounds()
	plain := image.NewRGBA(bounds)
	draw.Draw(plain, bounds, full, bounds.Min, draw.Src)
	count := map[color.RGBA]int{}
	for c, run := range runs(plain) {
		count[c] += run
	}
	palette, index := cut(count)
	small := image.NewPaletted(bounds, palette)
	at := 0
	for c, run := range runs(plain) {
		i := index[c]
		for range run {
			small.Pix[at] = i
			at++
		}
	}
	return small
}

// runs yields the dots of a picture, those of the same colour in a row at once.
func runs(p *image.RGBA) iter.Seq2[color.RGBA, int] {
	return func(yield func(color.RGBA, int) bool) {
		var last color.RGBA
		run := 0
		for i := 0; i < len(p.Pix); i += 4 {
			c := color.RGBA{p.Pix[i], p.Pix[i+1], p.Pix[i+2], p.Pix[i+3]}
			if c != last && run > 0 {
				if !yield(last, run) {
					return
				}
				run = 0
			}
			last = c
			run++
		}
		yield(last, run)
	}
}

// plains is how many colours stay exactly as they are: those that are there most.
// A pale ground would else become that of the page.
const plains = 64

// cut divides the colours into at most 256 boxes, always the one with the widest
// channel at its middle, and returns a colour for each box and the box of each
// colour.
func cut(count map[color.RGBA]int) (color.Palette, map[color.RGBA]uint8) {
	all := make([]color.RGBA, 0, len(count))
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int { // results do not hang on the order of a map
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B), cmp.Compare(a.A, b.A))
	})
	var boxes [][]color.RGBA
	for i := range all[:min(plains, len(all))] {
		boxes = append(boxes, all[i:i+1])
	}
	if len(all) > plains {
		boxes = append(boxes, all[plains:])
	}
	for len(boxes) < 256 {
		widest, most, along := -1, 0, 0
		for i, box := range boxes {
			if wide, channel := spread(box); wide > most {
				widest, most, along = i, wide, channel
			}
		}
		if widest < 0 {
			break // each box is one colour
		}
		box := boxes[widest]
		slices.SortStableFunc(box, func(a, b color.RGBA) int { return int(channels(a)[along]) - int(channels(b)[along]) })
		middle := len(box) / 2
		boxes[widest] = box[:middle]
		boxes = append(boxes, box[middle:])
	}
	palette, index := make(color.Palette, 0, len(boxes)), make(map[color.RGBA]uint8, len(all))
	for i, box := range boxes {
		// The colour that is there most: plains keep theirs exactly.
		palette = append(palette, slices.MaxFunc(box, func(a, b color.RGBA) int { return count[a] - count[b] }))
		for _, c := range box {
			index[c] = uint8(i)
		}
	}
	return palette, index
}

// spread returns the widest channel of some colours and how wide it is.
func spread(box []color.RGBA) (wide, channel int) {
	least, most := channels(box[0]), channels(box[0])
	for _, c := range box {
		for i, v := range channels(c) {
			least[i], most[i] = min(least[i], v), max(most[i], v)
		}
	}
	for i := range least {
		if w := int(most[i]) - int(least[i]); w > wide {
			wide, channel = w, i
		}
	}
	return wide, channel
}

func channels(c color.RGBA) [3]uint8 { return [3]uint8{c.R, c.G, c.B} }

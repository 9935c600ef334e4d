package chart

import (
	"bufio"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"slices"
	"strings"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/bidi"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// uncovered stands for what the font of pixel pictures has no letters for.
const uncovered = "·"

// WritePNG writes the picture as pixels for slides, light, 1920 × 1080. Its font
// is Liberation Sans: Latin, Greek, Cyrillic and Hebrew. For other letters and
// for emoji a dot stands, and a line at the bottom says so; the file that
// WriteSVG writes has them all.
func WritePNG(w io.Writer, p Picture) error {
	b, err := newBrush()
	if err != nil {
		return err
	}
	s := p.draw(slide())
	scale := min(slide().width/s.width, slide().height/s.height)
	b.begin(slide().width, slide().height, scale)
	for i := range s.shapes {
		b.draw(&s.shapes[i])
	}
	if b.missed {
		b.note(slide())
	}
	buffered := bufio.NewWriter(w)
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(buffered, b.canvas.Image()); err != nil {
		return fmt.Errorf("write picture: %w", err)
	}
	return buffered.Flush()
}

// brush draws shapes as pixels.
type brush struct {
	regular, bold *opentype.Font
	names         sfnt.Buffer
	canvas        *vgimg.Canvas
	height, scale float64
	missed        bool // a text had letters that the font has not
}

func newBrush() (*brush, error) {
	regular, err := opentype.Parse(liberationsansregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	bold, err := opentype.Parse(liberationsansbold.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	return &brush{regular: regular, bold: bold}, nil
}

func (b *brush) begin(width, height, scale float64) {
	b.height, b.scale = height, scale
	b.canvas = vgimg.NewWith(vgimg.UseWH(vg.Length(width), vg.Length(height)), vgimg.UseDPI(72), vgimg.UseBackgroundColor(paper()))
}

// at turns a place on the picture into one on the canvas, which counts from
// below.
func (b *brush) at(p point) vg.Point {
	return vg.Point{X: vg.Length(p.x * b.scale), Y: vg.Length(b.height - p.y*b.scale)}
}

func (b *brush) draw(sh *shape) {
	k := inkOf(sh.class)
	if sh.form == words {
		b.write(sh, k)
		return
	}
	path := b.path(sh)
	if k.fill.A > 0 && sh.form != line {
		b.canvas.SetColor(k.fill)
		b.canvas.Fill(path)
	}
	if k.stroke.A > 0 {
		b.canvas.SetColor(k.stroke)
		b.canvas.SetLineWidth(vg.Length(k.width * b.scale))
		b.canvas.Stroke(path)
	}
}

func (b *brush) path(sh *shape) vg.Path {
	var path vg.Path
	switch sh.form {
	case dot:
		centre := b.at(sh.points[0])
		r := vg.Length(sh.round * b.scale)
		path.Move(vg.Point{X: centre.X + r, Y: centre.Y})
		path.Arc(centre, r, 0, 2*math.Pi)
		path.Close()
	case rect:
		from, to := sh.points[0], sh.points[1]
		r := min(sh.round, (to.x-from.x)/2, (to.y-from.y)/2)
		path.Move(b.at(point{from.x + r, from.y}))
		for i, c := range []point{{to.x, from.y}, to, {from.x, to.y}, from} {
			next := []point{{0, 1}, {-1, 0}, {0, -1}, {1, 0}}[i]   // where the next side goes
			before := []point{{-1, 0}, {0, -1}, {1, 0}, {0, 1}}[i] // where this side came from
			path.Line(b.at(point{c.x + before.x*r, c.y + before.y*r}))
			path.QuadTo(b.at(c), b.at(point{c.x + next.x*r, c.y + next.y*r}))
		}
		path.Close()
	case line:
		path.Move(b.at(sh.points[0]))
		for _, p := range sh.points[1:] {
			path.Line(b.at(p))
		}
	case words:
	}
	return path
}

// write draws a line of text.
func (b *brush) write(sh *shape, k ink) {
	face, weight := b.regular, "regular"
	if k.bold {
		face, weight = b.bold, "bold"
	}
	text := visual(b.covered(face, sh.text))
	f := font.Face{Face: face, Font: font.Font{Typeface: "Liberation", Variant: font.Variant("Sans " + weight), Size: vg.Length(sh.size * b.scale)}}
	at := b.at(sh.points[0])
	switch wide := f.Width(text); sh.anchor {
	case middle:
		at.X -= wide / 2
	case end:
		at.X -= wide
	case start:
	}
	b.canvas.SetColor(color.Color(k.fill))
	b.canvas.FillString(f, at, text)
}

// covered puts a dot in the place of what the font has no letters for.
func (b *brush) covered(face *opentype.Font, text string) string {
	var out strings.Builder
	for _, g := range glyphs(text) {
		has := !slices.ContainsFunc([]rune(g), func(r rune) bool {
			n, err := face.GlyphIndex(&b.names, r)
			return err != nil || n == 0
		})
		switch {
		case has:
			out.WriteString(g)
		case !strings.HasSuffix(out.String(), uncovered):
			out.WriteString(uncovered)
		}
		b.missed = b.missed || !has
	}
	return out.String()
}

// note says at the bottom what dots stand for.
func (b *brush) note(f frame) {
	b.scale = 1
	b.write(&shape{
		form: words, class: "faint", points: []point{{f.width - f.size, f.height - f.size*0.7}}, size: f.size * 0.65, anchor: end,
		text: uncovered + " stands for letters that this picture's font has not; the SVG file shows them",
	}, inkOf("faint"))
}

// visual puts letters in the order in which they stand from left to right.
func visual(text string) string {
	base := bidi.LeftToRight
	if rightToLeft(text) {
		base = bidi.RightToLeft
	}
	var p bidi.Paragraph
	if _, err := p.SetString(text, bidi.DefaultDirection(base)); err != nil {
		return text
	}
	order, err := p.Order()
	if err != nil {
		return text
	}
	var out strings.Builder
	runs := make([]string, 0, order.NumRuns())
	for i := range order.NumRuns() {
		run := order.Run(i)
		if run.Direction() == bidi.RightToLeft {
			runs = append(runs, bidi.ReverseString(run.String()))
			continue
		}
		runs = append(runs, run.String())
	}
	if base == bidi.RightToLeft && order.Direction() == bidi.RightToLeft {
		slices.Reverse(runs)
	}
	for _, r := range runs {
		out.WriteString(r)
	}
	return out.String()
}

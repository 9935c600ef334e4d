package api

import (
	"net/http"

	"tandem/internal/view"
)

func (c *call) approve() (any, error) {
	var body view.Approve
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.Approve(c.named("run"), body)
}

func (c *call) reject() (any, error) {
	var body view.Reject
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.Reject(body)
}

func (c *call) release() (any, error) {
	var body struct {
		Ref   string `json:"ref"`
		Field string `json:"field"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.Release(body.Ref, body.Field)
}

func (c *call) retry() (any, error) { return c.Retry(c.named("id")) }

func (c *call) pause() (any, error) {
	var body struct {
		Because string `json:"because"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.Pause(body.Because)
}

func (c *call) resume() (any, error) {
	if err := c.read(&struct{}{}); err != nil {
		return nil, err
	}
	return c.Resume()
}

func (c *call) override() (any, error) {
	var body view.Say
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.Override(body)
}

func (c *call) object() (any, error) {
	var body struct {
		Ref     string `json:"ref"`
		Because string `json:"because"`
		Until   string `json:"until"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.Object(view.Say{Ref: body.Ref, Because: body.Because, Until: body.Until})
}

func (c *call) endOverride() (any, error) {
	if err := c.read(&struct{}{}); err != nil {
		return nil, err
	}
	return c.EndOverride(c.named("id"))
}

func (c *call) answer() (any, error) {
	var body struct {
		Answer string `json:"answer"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.Answer(c.named("id"), body.Answer)
}

func (c *call) whatIf() (any, error) {
	if err := c.MayCompare(); err != nil {
		return nil, err
	}
	var order view.WhatIfOrder
	if err := c.read(&order); err != nil {
		return nil, err
	}
	return c.WhatIf(order)
}

func (c *call) undo() (any, error) {
	var body view.UndoOrder
	return c.order(&body, func() (view.Told, error) { return c.Undo(body) })
}

func (c *call) retire() (any, error) {
	var body view.RetireOrder
	return c.order(&body, func() (view.Told, error) { return c.Retire(body) })
}

// order places an order. One that is not over is asked for by its address.
func (c *call) order(body any, place func() (view.Told, error)) (any, error) {
	if err := c.MayUndo(); err != nil {
		return nil, err
	}
	if err := c.read(body); err != nil {
		return nil, err
	}
	told, err := place()
	if told.Running && err == nil {
		c.code = http.StatusAccepted
		c.w.Header().Set("Location", Base+"/"+string(told.Errand)+"/"+told.ID)
	}
	return told, err
}

func (c *call) undone() (any, error)   { return c.Undone(c.req.PathValue("id")) }
func (c *call) retiring() (any, error) { return c.Retiring(c.req.PathValue("id")) }

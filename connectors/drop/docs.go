package drop

const doc = `x`

const lyssnaDoc = `x`

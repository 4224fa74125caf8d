package x

import "testing"

func f(n int) int               { return f(n+1) + 1 }
func TestOverflow(t *testing.T) { t.Log(f(0)) }

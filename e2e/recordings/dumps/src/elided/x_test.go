package x

import "testing"

func rec(n int) {
	if n == 0 {
		panic("bottom")
	}
	rec(n - 1)
	println(n)
}
func TestElided(t *testing.T) { rec(200) }

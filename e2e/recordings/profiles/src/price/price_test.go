package price

import "testing"

func TestTotal(t *testing.T) {
	if Total(1, 2) != 3 {
		t.Fail()
	}
}

func TestReduced(t *testing.T) {
	if Reduced(200, 50) != 100 || Reduced(1, 0) != 1 {
		t.Fail()
	}
}

package x

import (
	"errors"
	"testing"
)

type S string

func TestNested(t *testing.T) {
	defer func() { panic(S("outer\nline")) }()
	panic(errors.New("inner\nline"))
}

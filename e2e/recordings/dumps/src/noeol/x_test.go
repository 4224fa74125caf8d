package x

import (
	"fmt"
	"testing"
)

func TestDots(t *testing.T) { fmt.Print("...."); go func() { panic("mid") }(); select {} }

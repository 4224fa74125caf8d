package x

import "testing"

func TestAnc(t *testing.T) { go func() { go func() { panic("deep") }(); select {} }(); select {} }

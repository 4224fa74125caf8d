package x

import (
	"reflect"
	"testing"
)

type Suite struct{ t *testing.T }

func (s *Suite) TestMethod() { select {} }
func runSuite(t *testing.T, s *Suite) {
	m := reflect.ValueOf(s).MethodByName("TestMethod")
	t.Run("TestMethod", func(t *testing.T) { m.Call(nil) })
}
func TestSuite(t *testing.T)    { runSuite(t, &Suite{}) }
func helper(t *testing.T)       { go func() { select {} }(); select {} }
func TestByHelper(t *testing.T) { t.Parallel(); t.Run("h", helper) }

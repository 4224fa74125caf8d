package x

import "testing"

func TestMap(t *testing.T) {
	m := map[int]int{}
	for i := 0; i < 4; i++ {
		go func() {
			for {
				m[i]++
			}
		}()
	}
	select {}
}

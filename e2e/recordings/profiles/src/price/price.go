// Package price is covered in part.
package price

// Total adds up.
func Total(cents ...int) (sum int) {
	for _, c := range cents {
		if c < 0 {
			panic("negative")
		}
		sum += c
	}
	return sum
}

// Reduced takes a part off.
func Reduced(cents, percent int) int {
	switch {
	case percent <= 0:
		return cents
	case percent >= 100:
		return 0
	}
	return cents - cents*percent/100
}

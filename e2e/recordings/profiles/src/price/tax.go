package price

// Tax is never called.
func Tax(cents int) int {
	if cents == 0 {
		return 0
	}
	return cents / 5
}

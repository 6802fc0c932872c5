package config

import "fmt"

// formerly checks the numbers that extensions and queues had before: each is nobody's
// now and was had by one of them only.
func (v *validator) formerly() {
	had := make(map[string]string)
	check := func(path string, numbers []string) {
		for i, n := range numbers {
			at := fmt.Sprintf("%s.formerly[%d]", path, i)
			taken, now := v.numbers[n]
			if !now {
				taken = had[n]
			}
			switch {
			case !isNumber(n):
				v.add(at, msgNumber, n)
			case taken != "":
				v.add(at, msgTaken, n, taken)
			}
			had[n] = path
		}
	}
	for i, e := range v.cfg.Extensions {
		check(fmt.Sprintf("extensions[%d]", i), e.Formerly)
	}
	for i, q := range v.cfg.Queues {
		check(fmt.Sprintf("queues[%d]", i), q.Formerly)
	}
}

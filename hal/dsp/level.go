package dsp

import (
	"math"

	"github.com/pasokh/pasokh/hal"
)

// OverloadLevel is the level of a full-scale sine in dBm0.
const OverloadLevel = 3.14

// Silence is the level told for digital silence, in dBm0.
const Silence = -100.0

// Amplitude is the peak sample value of a sine at a level in dBm0.
func Amplitude(dBm0 float64) float64 {
	return hal.FullScale * math.Pow(10, (dBm0-OverloadLevel)/20)
}

// Level is the total level of pcm in dBm0, whatever it is made of.
func Level(pcm []int16) float64 {
	return levelOf(meanSquare(pcm))
}

// ToneLevel is the level in dBm0 of the one frequency in pcm, in Hz.
// It resolves frequencies rate/len(pcm) apart: 50 Hz for one frame.
func ToneLevel(pcm []int16, freq float64) float64 {
	if len(pcm) == 0 {
		return Silence
	}
	peak := 2 * math.Sqrt(power(pcm, freq)) / float64(len(pcm))
	return levelOf(peak * peak / 2)
}

// Purity is the share of pcm's power that lies at one frequency: 1 is a clean
// sine, 0 has nothing there.
func Purity(pcm []int16, freq float64) float64 {
	total := meanSquare(pcm)
	if total == 0 {
		return 0
	}
	n := float64(len(pcm))
	return min(1, 2*power(pcm, freq)/(n*n)/total)
}

// power is the squared magnitude of pcm's Fourier transform at freq, by
// Goertzel's recursion.
func power[T int16 | float64](pcm []T, freq float64) float64 {
	re, im := goertzel(pcm, 2*math.Cos(2*math.Pi*freq/hal.Rate))
	return re*re + im*im
}

// goertzel runs the recursion with the coefficient 2cos(w) and returns the
// transform at w as if the last sample were at time zero.
func goertzel[T int16 | float64](pcm []T, coef float64) (re, im float64) {
	var s1, s2 float64
	for _, x := range pcm {
		s1, s2 = float64(x)+coef*s1-s2, s1
	}
	cos := coef / 2
	return s1 - s2*cos, s2 * math.Sqrt(max(0, 1-cos*cos))
}

func meanSquare[T int16 | float64](pcm []T) float64 {
	if len(pcm) == 0 {
		return 0
	}
	var sum float64
	for _, x := range pcm {
		sum += float64(x) * float64(x)
	}
	return sum / float64(len(pcm))
}

// levelOf turns a mean square of samples into dBm0.
func levelOf(meanSquare float64) float64 {
	const full = hal.FullScale * hal.FullScale / 2.0
	if meanSquare <= full*1e-11 {
		return Silence
	}
	return max(Silence, 10*math.Log10(meanSquare/full)+OverloadLevel)
}

// Sample rounds x to a sample, clipped at full scale.
func Sample(x float64) int16 {
	switch {
	case x >= math.MaxInt16:
		return math.MaxInt16
	case x <= math.MinInt16:
		return math.MinInt16
	case x < 0:
		return int16(x - 0.5)
	}
	return int16(x + 0.5)
}

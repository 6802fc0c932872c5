/* spandsp's G.722 as an independent ear: "encode" turns 16 kHz samples into bytes,
   "decode" bytes into samples, standard input to standard output. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <spandsp.h>

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "encode") == 0) {
		g722_encode_state_t *s = g722_encode_init(NULL, 64000, 0);
		int16_t pcm[320];
		uint8_t out[160];
		size_t n;
		while ((n = fread(pcm, 2, 320, stdin)) > 0)
			fwrite(out, 1, g722_encode(s, out, pcm, n), stdout);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "decode") == 0) {
		g722_decode_state_t *s = g722_decode_init(NULL, 64000, 0);
		uint8_t in[160];
		int16_t pcm[640];
		size_t n;
		while ((n = fread(in, 1, 160, stdin)) > 0)
			fwrite(pcm, 2, g722_decode(s, pcm, in, n), stdout);
		return 0;
	}
	return 2;
}

/* spandsp's loss concealment as a yardstick. Standard input: one byte 0 or 1 (lost)
   and then 80 samples, again and again; standard output: 80 samples each. */
#include <stdint.h>
#include <stdio.h>
#include <spandsp.h>

int main(void)
{
	plc_state_t *s = plc_init(NULL);
	int16_t pcm[80];
	int lost;
	while ((lost = getchar()) != EOF && fread(pcm, 2, 80, stdin) == 80) {
		if (lost)
			plc_fillin(s, pcm, 80);
		else
			plc_rx(s, pcm, 80);
		fwrite(pcm, 2, 80, stdout);
	}
	return 0;
}

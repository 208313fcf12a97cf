// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same model under libFuzzer (or AFL++, which has a driver for it): the first
 * byte says which walker, the others are the choices.
 */
#include "model.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	model_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source s = { .next = data + 1, .end = data + size };

	if (size)
		model_run(walkers[data[0] % nr_walkers], &s);
	return 0;
}

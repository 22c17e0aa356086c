// System BLAS and LAPACKE, linked by their generic names so that any provider serves.
#include <cblas.h>
#include <lapacke.h>

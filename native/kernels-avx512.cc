#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "team.h"

#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")

#define THAW_FP32 1
#define THAW_DOT 2
#define THAW_TILES 3
#define THAW_NAMESPACE avx512
#define THAW_WIDTH 16
#define THAW_FORMAT THAW_FP32
#include "kernels.inc"

namespace thaw {
const Kernels kAvx512 = {"avx512", "fp32", avx512::product, avx512::lstmForward, avx512::lstmBackward,
                         avx512::qrnnForward, avx512::qrnnBackward, avx512::crossEntropy, avx512::dropoutMask, avx512::adam, avx512::outputGradient};
}

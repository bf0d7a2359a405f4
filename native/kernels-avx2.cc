#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "team.h"

#pragma GCC target("avx2,fma")

#define THAW_FP32 1
#define THAW_DOT 2
#define THAW_TILES 3
#define THAW_NAMESPACE avx2
#define THAW_WIDTH 8
#define THAW_FORMAT THAW_FP32
#include "kernels.inc"

namespace thaw {
const Kernels kAvx2 = {"avx2", "fp32", avx2::product, avx2::lstmForward, avx2::lstmBackward,
                       avx2::qrnnForward, avx2::qrnnBackward, avx2::crossEntropy, avx2::dropoutMask, avx2::adam, avx2::outputGradient};
}

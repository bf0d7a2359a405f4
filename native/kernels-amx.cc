#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "team.h"

#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,amx-tile,amx-bf16,avx2,fma")

#define THAW_FP32 1
#define THAW_DOT 2
#define THAW_TILES 3
#define THAW_NAMESPACE amx
#define THAW_WIDTH 16
#define THAW_FORMAT THAW_TILES
#include "kernels.inc"

namespace thaw {
const Kernels kAmx = {"amx", "bf16", amx::product, amx::lstmForward, amx::lstmBackward,
                      amx::qrnnForward, amx::qrnnBackward, amx::crossEntropy, amx::dropoutMask, amx::adam, amx::outputGradient};
}

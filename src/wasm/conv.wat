;; 3×3 convolution on wasm SIMD for tfjs's tensors where they lie: the memory is tfjs's own, pictures are [H][W][C].
;;
;;   out[y][x][o] = max(floor, bias[o] + Σ_{ky,kx,c} in[y+ky−1][x+kx−1][c] · filter[ky][kx][c][o])
;;
;; Lanes are output channels; two pixels and sixteen outputs are summed at a time, in eight registers. Of a row of the
;; padded picture, the three columns of the filter and their channels are one run of 3·C numbers, so the inner loop
;; knows nothing of convolutions. It is not unrolled: V8 then spills and takes twice as long.
(module
  (import "host" "memory" (memory 1))

  ;; [H][W][C] → [H+2][W+2][C] with a border of zeros.
  (func (export "pad") (param $from i32) (param $to i32) (param $height i32) (param $width i32) (param $channels i32)
    (local $row i32) (local $side i32) (local $padded i32)
    (local.set $side (i32.shl (local.get $channels) (i32.const 2)))
    (local.set $row (i32.mul (local.get $width) (local.get $side)))
    (local.set $padded (i32.add (local.get $row) (i32.shl (local.get $side) (i32.const 1))))
    (memory.fill (local.get $to) (i32.const 0) (local.get $padded))
    (local.set $to (i32.add (local.get $to) (local.get $padded)))
    (loop $next
      (memory.fill (local.get $to) (i32.const 0) (local.get $side))
      (memory.copy (i32.add (local.get $to) (local.get $side)) (local.get $from) (local.get $row))
      (memory.fill (i32.add (i32.add (local.get $to) (local.get $side)) (local.get $row)) (i32.const 0) (local.get $side))
      (local.set $from (i32.add (local.get $from) (local.get $row)))
      (local.set $to (i32.add (local.get $to) (local.get $padded)))
      (br_if $next (local.tee $height (i32.sub (local.get $height) (i32.const 1)))))
    (memory.fill (local.get $to) (i32.const 0) (local.get $padded)))

  ;; [3·3·C][O] → [O/16][3·3·C][16]: what one pass over the picture needs lies together.
  (func (export "pack") (param $from i32) (param $to i32) (param $inputs i32) (param $outputs i32)
    (local $group i32) (local $at i32) (local $left i32) (local $row i32)
    (local.set $row (i32.shl (local.get $outputs) (i32.const 2)))
    (local.set $group (local.get $row))
    (loop $groups
      (local.set $at (local.get $from))
      (local.set $left (local.get $inputs))
      (loop $next
        (v128.store offset=0 (local.get $to) (v128.load offset=0 (local.get $at)))
        (v128.store offset=16 (local.get $to) (v128.load offset=16 (local.get $at)))
        (v128.store offset=32 (local.get $to) (v128.load offset=32 (local.get $at)))
        (v128.store offset=48 (local.get $to) (v128.load offset=48 (local.get $at)))
        (local.set $to (i32.add (local.get $to) (i32.const 64)))
        (local.set $at (i32.add (local.get $at) (local.get $row)))
        (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (local.set $from (i32.add (local.get $from) (i32.const 64)))
      (br_if $groups (local.tee $group (i32.sub (local.get $group) (i32.const 64))))))

  ;; Sixteen outputs of every pixel. `in` padded, `weights` one group of `pack`, `bias` of this group or 0; `out` points
  ;; to the first pixel's first output of the group. Width is even.
  (func (export "conv") (param $from i32) (param $filter i32) (param $bias i32) (param $out i32)
    (param $height i32) (param $width i32) (param $channels i32) (param $outputs i32) (param $floor f32)
    (local $side i32) (local $run i32) (local $padded i32) (local $pixel i32) (local $column i32) (local $row i32)
    (local $lines i32) (local $in i32) (local $next i32) (local $end i32) (local $weights i32) (local $least v128)
    (local $x v128) (local $y v128) (local $w v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128)
    (local $b0 v128) (local $b1 v128) (local $b2 v128) (local $b3 v128)
    (local.set $side (i32.shl (local.get $channels) (i32.const 2)))
    (local.set $run (i32.mul (local.get $side) (i32.const 3)))
    (local.set $padded (i32.mul (i32.add (local.get $width) (i32.const 2)) (local.get $side)))
    (local.set $pixel (i32.shl (local.get $outputs) (i32.const 2)))
    (local.set $least (f32x4.splat (local.get $floor)))
    (loop $rows
      (local.set $column (local.get $width))
      (local.set $row (local.get $from))
      (loop $columns
        (if (local.get $bias)
          (then
            (local.set $a0 (local.tee $b0 (v128.load offset=0 (local.get $bias))))
            (local.set $a1 (local.tee $b1 (v128.load offset=16 (local.get $bias))))
            (local.set $a2 (local.tee $b2 (v128.load offset=32 (local.get $bias))))
            (local.set $a3 (local.tee $b3 (v128.load offset=48 (local.get $bias)))))
          (else
            (local.set $a0 (local.tee $b0 (v128.const f32x4 0 0 0 0)))
            (local.set $a1 (local.tee $b1 (v128.const f32x4 0 0 0 0)))
            (local.set $a2 (local.tee $b2 (v128.const f32x4 0 0 0 0)))
            (local.set $a3 (local.tee $b3 (v128.const f32x4 0 0 0 0)))))
        (local.set $weights (local.get $filter))
        (local.set $in (local.get $row))
        (local.set $lines (i32.const 3))
        (loop $filterRows
          (local.set $next (i32.add (local.get $in) (local.get $side)))
          (local.set $end (i32.add (local.get $in) (local.get $run)))
          (loop $run
            (local.set $x (v128.load32_splat (local.get $in)))
            (local.set $y (v128.load32_splat (local.get $next)))
            (local.set $w (v128.load offset=0 (local.get $weights)))
            (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $x) (local.get $w))))
            (local.set $b0 (f32x4.add (local.get $b0) (f32x4.mul (local.get $y) (local.get $w))))
            (local.set $w (v128.load offset=16 (local.get $weights)))
            (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $x) (local.get $w))))
            (local.set $b1 (f32x4.add (local.get $b1) (f32x4.mul (local.get $y) (local.get $w))))
            (local.set $w (v128.load offset=32 (local.get $weights)))
            (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $x) (local.get $w))))
            (local.set $b2 (f32x4.add (local.get $b2) (f32x4.mul (local.get $y) (local.get $w))))
            (local.set $w (v128.load offset=48 (local.get $weights)))
            (local.set $a3 (f32x4.add (local.get $a3) (f32x4.mul (local.get $x) (local.get $w))))
            (local.set $b3 (f32x4.add (local.get $b3) (f32x4.mul (local.get $y) (local.get $w))))
            (local.set $weights (i32.add (local.get $weights) (i32.const 64)))
            (local.set $next (i32.add (local.get $next) (i32.const 4)))
            (br_if $run (i32.lt_u (local.tee $in (i32.add (local.get $in) (i32.const 4))) (local.get $end))))
          (local.set $in (i32.add (i32.sub (local.get $in) (local.get $run)) (local.get $padded)))
          (br_if $filterRows (local.tee $lines (i32.sub (local.get $lines) (i32.const 1)))))
        (v128.store offset=0 (local.get $out) (f32x4.pmax (local.get $least) (local.get $a0)))
        (v128.store offset=16 (local.get $out) (f32x4.pmax (local.get $least) (local.get $a1)))
        (v128.store offset=32 (local.get $out) (f32x4.pmax (local.get $least) (local.get $a2)))
        (v128.store offset=48 (local.get $out) (f32x4.pmax (local.get $least) (local.get $a3)))
        (local.set $out (i32.add (local.get $out) (local.get $pixel)))
        (v128.store offset=0 (local.get $out) (f32x4.pmax (local.get $least) (local.get $b0)))
        (v128.store offset=16 (local.get $out) (f32x4.pmax (local.get $least) (local.get $b1)))
        (v128.store offset=32 (local.get $out) (f32x4.pmax (local.get $least) (local.get $b2)))
        (v128.store offset=48 (local.get $out) (f32x4.pmax (local.get $least) (local.get $b3)))
        (local.set $out (i32.add (local.get $out) (local.get $pixel)))
        (local.set $row (i32.add (local.get $row) (i32.shl (local.get $side) (i32.const 1))))
        (br_if $columns (local.tee $column (i32.sub (local.get $column) (i32.const 2)))))
      (local.set $from (i32.add (local.get $from) (local.get $padded)))
      (br_if $rows (local.tee $height (i32.sub (local.get $height) (i32.const 1)))))))

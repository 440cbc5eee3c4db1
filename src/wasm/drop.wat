;; Dropout by a seed for tfjs's tensors where they lie: to[i] = from[i]·scale where the i-th uniform of the stream is at
;; least p, else 0. The uniforms are those of core/random/random.ts to the bit: xoroshiro128+ (Blackman & Vigna 2018,
;; rotations 24, 16, 37), the low halves of two sums, 26 bits of each. (x + ½)·2⁻⁵² ≥ p is x ≥ ⌈p·2⁵² − ½⌉ in integers.
(module
  (import "host" "memory" (memory 1))

  ;; Both halves of the state and the least x as pairs of 32 bits, the upper ones first.
  (func (export "drop") (param $from i32) (param $to i32) (param $count i32) (param $scale f32)
    (param $a1 i32) (param $a0 i32) (param $b1 i32) (param $b0 i32) (param $least1 i32) (param $least0 i32)
    (local $a i64) (local $b i64) (local $t i64) (local $x i64) (local $least i64)
    (if (i32.eqz (local.get $count)) (then (return)))
    (local.set $a (i64.or (i64.shl (i64.extend_i32_u (local.get $a1)) (i64.const 32)) (i64.extend_i32_u (local.get $a0))))
    (local.set $b (i64.or (i64.shl (i64.extend_i32_u (local.get $b1)) (i64.const 32)) (i64.extend_i32_u (local.get $b0))))
    (local.set $least (i64.or (i64.shl (i64.extend_i32_u (local.get $least1)) (i64.const 32)) (i64.extend_i32_u (local.get $least0))))
    (loop $next
      ;; the upper 26 bits of x, then the lower
      (local.set $x (i64.and (i64.add (local.get $a) (local.get $b)) (i64.const 0xffffffc0)))
      (local.set $t (i64.xor (local.get $a) (local.get $b)))
      (local.set $a (i64.xor (i64.rotl (local.get $a) (i64.const 24))
                             (i64.xor (local.get $t) (i64.shl (local.get $t) (i64.const 16)))))
      (local.set $b (i64.rotl (local.get $t) (i64.const 37)))
      (local.set $x (i64.or (i64.shl (local.get $x) (i64.const 20))
                            (i64.shr_u (i64.and (i64.add (local.get $a) (local.get $b)) (i64.const 0xffffffff)) (i64.const 6))))
      (local.set $t (i64.xor (local.get $a) (local.get $b)))
      (local.set $a (i64.xor (i64.rotl (local.get $a) (i64.const 24))
                             (i64.xor (local.get $t) (i64.shl (local.get $t) (i64.const 16)))))
      (local.set $b (i64.rotl (local.get $t) (i64.const 37)))
      ;; by a mask of bits: a choice of floats becomes a branch that nobody can predict
      (i32.store (local.get $to)
        (i32.and (i32.reinterpret_f32 (f32.mul (f32.load (local.get $from)) (local.get $scale)))
                 (i32.sub (i32.const 0) (i64.ge_u (local.get $x) (local.get $least)))))
      (local.set $from (i32.add (local.get $from) (i32.const 4)))
      (local.set $to (i32.add (local.get $to) (i32.const 4)))
      (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))))

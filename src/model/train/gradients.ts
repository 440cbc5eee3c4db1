import * as tf from "@tensorflow/tfjs-core";

// tfjs-core registers no gradients by itself, and its file that registers all of them cannot be imported in plain Node.
// These are the ones of the operations in elbo.ts. A tensor that was broadcast gets the sum over what it was repeated for.

type Saved = tf.Tensor[];

const GRADIENTS: readonly tf.GradConfig[] = [
  {
    kernelName: "Add",
    inputsToSave: ["a", "b"],
    gradFunc: (dy, saved) => both(saved, (of) => summedTo(dy as tf.Tensor, of)),
  },
  {
    kernelName: "Sub",
    inputsToSave: ["a", "b"],
    gradFunc: (dy, saved) =>
      both(saved, (of, first) => summedTo(first ? (dy as tf.Tensor) : tf.neg(dy as tf.Tensor), of)),
  },
  {
    kernelName: "Multiply",
    inputsToSave: ["a", "b"],
    gradFunc: (dy, saved) =>
      both(saved, (of, first) => summedTo(tf.mul(dy as tf.Tensor, saved[first ? 1 : 0] as tf.Tensor), of)),
  },
  {
    kernelName: "Exp",
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => tf.mul(dy as tf.Tensor, y as tf.Tensor) }),
  },
  {
    kernelName: "Softplus",
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as tf.Tensor, tf.sigmoid(x as tf.Tensor)) }),
  },
  {
    kernelName: "Relu",
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => tf.mul(dy as tf.Tensor, tf.step(y as tf.Tensor)) }),
  },
  {
    kernelName: "Sum",
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attrs) => ({ x: () => repeated(dy as tf.Tensor, x as tf.Tensor, attrs["axis"] as number[]) }),
  },
  {
    kernelName: "Cast", // of float32 to float32: tfjs's pooling asks for it
    gradFunc: (dy) => ({ x: () => tf.clone(dy as tf.Tensor) }),
  },
  {
    kernelName: "Reshape",
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({ x: () => tf.reshape(dy as tf.Tensor, (x as tf.Tensor).shape) }),
  },
  {
    kernelName: "Slice",
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attrs) => ({ x: () => putBack(dy as tf.Tensor, x as tf.Tensor, attrs["begin"] as number[]) }),
  },
  {
    kernelName: "BatchMatMul", // of matrices as they stand: neither is transposed in elbo.ts
    inputsToSave: ["a", "b"],
    gradFunc: (dy, [a, b]) => ({
      a: () => tf.matMul(dy as tf.Tensor, b as tf.Tensor, false, true),
      b: () => tf.matMul(a as tf.Tensor, dy as tf.Tensor, true, false),
    }),
  },
  {
    kernelName: "AvgPool", // of 2×2, as `halve` has it: a quarter to each of the four. tfjs's own is twenty times as slow
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({ x: () => quartered(dy as tf.Tensor4D, (x as tf.Tensor4D).shape) }),
  },
  {
    kernelName: "ResizeBilinear",
    inputsToSave: ["images"],
    gradFunc: (dy, [images], attrs) => ({
      images: () =>
        tf
          .engine()
          .runKernel(
            "ResizeBilinearGrad",
            { dy: dy as tf.Tensor, images: images as tf.Tensor },
            attrs as tf.NamedAttrMap,
          ),
    }),
  },
];

/** Makes what elbo.ts does differentiable; what is registered already stays. */
export function registerGradients(): void {
  for (const gradient of GRADIENTS) if (!tf.getGradient(gradient.kernelName)) tf.registerGradient(gradient);
}

function both(saved: Saved, of: (one: tf.Tensor, first: boolean) => tf.Tensor) {
  return { a: () => of(saved[0] as tf.Tensor, true), b: () => of(saved[1] as tf.Tensor, false) };
}

/** `dy` summed over the axes that the tensor was repeated on. */
function summedTo(dy: tf.Tensor, { shape }: tf.Tensor): tf.Tensor {
  const lead = dy.shape.length - shape.length;
  const axes = dy.shape.flatMap((side, i) => (i < lead || (shape[i - lead] === 1 && side !== 1) ? [i] : []));
  return tf.reshape(axes.length === 0 ? dy : tf.sum(dy, axes), shape);
}

function repeated(dy: tf.Tensor, { shape }: tf.Tensor, axis: number | number[] | null | undefined): tf.Tensor {
  const axes =
    axis === undefined || axis === null
      ? [...shape.keys()]
      : [axis].flat().map((one) => (one < 0 ? one + shape.length : one));
  const kept = shape.map((side, i) => (axes.includes(i) ? 1 : side));
  return tf.mul(tf.reshape(dy, kept), tf.ones(shape));
}

function putBack(dy: tf.Tensor, { shape }: tf.Tensor, begin: number[]): tf.Tensor {
  return tf.pad(
    dy,
    shape.map((side, i) => [begin[i] as number, side - (begin[i] as number) - (dy.shape[i] as number)]),
  );
}

function quartered(dy: tf.Tensor4D, [, rows, columns]: readonly number[]): tf.Tensor4D {
  return tf.image.resizeNearestNeighbor(tf.mul(dy, 0.25), [rows as number, columns as number]);
}

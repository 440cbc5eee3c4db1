import type { Model, ModelFiles } from "../../core/network/model.ts";
import type { TeachSettings } from "../../core/teach/settings.ts";
import { headStudent, type Student } from "./student.ts";

/** The student of these settings; that of deeper levels, with its code, where they are asked for. @throws as `linearHeadOf` */
export async function studentOf(model: Model, files: ModelFiles, settings: TeachSettings): Promise<Student> {
  const { depth } = settings;
  if (depth === "head") return headStudent(model);
  const { DeepStudent } = await import("./deep/deep-student.ts");
  return DeepStudent.create(model, files, { ...settings, depth });
}

// The types of the npm package without zod: its declarations need `esModuleInterop`, which an ordinary CDKTF project
// doesn't set. So the types that the sources infer from schemas are written out.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** The file whose exported types are written out. */
const inferred = path.join("environment", "schema", "schema");

/** A type in full, without names of other types. */
function written(checker, type) {
  const print = (one) => written(checker, one);
  if (type.flags & ts.TypeFlags.Boolean) return "boolean";
  if (type.isUnion()) return type.types.map(print).join(" | ");
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type);
    const name = type.symbol.name === "ReadonlyArray" ? "ReadonlyArray" : "Array";
    return `${name}<${print(element)}>`;
  }
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return checker.typeToString(type);
  const properties = checker.getPropertiesOfType(type).map((property) => {
    const optional = property.flags & ts.SymbolFlags.Optional ? "?" : "";
    const readOnly = property.checkFlags & 8 /* CheckFlags.Readonly */ ? "readonly " : "";
    return `${readOnly}${JSON.stringify(property.name)}${optional}: ${print(checker.getTypeOfSymbol(property))};`;
  });
  const indexes = checker.getIndexInfosOfType(type).map(({ keyType, type: value, isReadonly }) => {
    return `${isReadonly ? "readonly " : ""}[key: ${checker.typeToString(keyType)}]: ${print(value)};`;
  });
  return `{ ${[...properties, ...indexes].join(" ")} }`;
}

/** Compiles the modules of `config` into its `outDir`. @returns the messages of the compiler, empty when all is well. */
export function compileModules(config) {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(config, {}, host);
  const program = ts.createProgram(fileNames, options);
  const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  if (diagnostics.length > 0) {
    return ts.formatDiagnostics(diagnostics, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => path.dirname(config),
      getNewLine: () => "\n",
    });
  }
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path.join(options.rootDir, `${inferred}.ts`));
  const types = checker
    .getExportsOfModule(checker.getSymbolAtLocation(source))
    .filter(({ flags, name }) => flags & ts.SymbolFlags.TypeAlias && !name.endsWith("Parts"))
    .map((symbol) => `export type ${symbol.name} = ${written(checker, checker.getDeclaredTypeOfSymbol(symbol))};\n`);
  writeFileSync(path.join(options.outDir, `${inferred}.d.ts`), types.join("\n"));
  // What else mentions zod is inside: no public declaration refers to it.
  for (const file of readdirSync(options.outDir, { recursive: true, encoding: "utf8" })) {
    const full = path.join(options.outDir, file);
    if (file.endsWith(".d.ts") && /(from |import\()"zod/.test(readFileSync(full, "utf8"))) rmSync(full);
  }
  return "";
}

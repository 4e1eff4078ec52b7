// Validates SARIF reports against the official 2.1.0 schema, as it comes with
// @microsoft/jest-sarif: node try.mjs REPORT...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";

const require = createRequire(import.meta.url);
const schema = JSON.parse(readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")));
const ajv = new Ajv({ schemaId: "auto", allErrors: true });
ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json"));
const validate = ajv.compile(schema);

let results = 0;
for (const path of process.argv.slice(2)) {
  const log = JSON.parse(readFileSync(path));
  if (!validate(log)) {
    for (const e of validate.errors.slice(0, 10)) console.error(`${path}: ${e.dataPath}: ${e.message}`);
    process.exit(1);
  }
  results += log.runs[0].results.length;
}
if (results === 0) {
  console.error("no report has a result: nothing was proved");
  process.exit(1);
}
console.log(`${process.argv.length - 2} SARIF reports with ${results} results are valid`);

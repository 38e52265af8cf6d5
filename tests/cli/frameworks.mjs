// Encrypts a session, or decrypts one, with what an env file holds for Auth.js.
//
// Usage: node frameworks.mjs PACKAGE authjs sign|check ENV_FILE; what was encrypted is printed, or read from standard input.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [directory, , action, path] = process.argv.slice(2);
const module = (file) => import(pathToFileURL(`${directory}/${file}`).href);
const { setEnvDefaults } = await module("index.js");
const { encode, decode } = await module("jwt.js");

const environment = {};
for (const line of readFileSync(path, "utf8").split("\n").filter(Boolean)) {
  const at = line.indexOf("=");
  environment[line.slice(0, at)] = line.slice(at + 1);
}
const config = { providers: [] };
setEnvDefaults(environment, config, true);
const text = readFileSync(0, "utf8");
let done;
try {
  done =
    action === "sign"
      ? await encode({ token: { sub: "session" }, secret: config.secret, salt: "salt" })
      : (await decode({ token: text, secret: config.secret, salt: "salt" })).sub;
} catch (error) {
  done = error.message;
}
console.log(JSON.stringify(done));

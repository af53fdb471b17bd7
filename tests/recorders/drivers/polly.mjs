// Records and replays with Polly.js: Node's http module makes the calls, the file-system persister keeps the HAR.
// Speaks the protocol of tests/recorders/judge.py on standard input and output.
//
// Polly.js is found from the working directory or NODE_PATH, since this file stands in no project of Node's.

import { createRequire } from "node:module";
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";

const require = createRequire(import.meta.url);
const { Polly } = require("@pollyjs/core");
const NodeHttpAdapter = require("@pollyjs/adapter-node-http");
const FSPersister = require("@pollyjs/persister-fs");

Polly.register(NodeHttpAdapter);
Polly.register(FSPersister);

const NAME = "tape";

// The persister has a folder for each recording, so the cassette is copied there and back.
async function done(job) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "polly-"));
  const polly = new Polly(NAME, {
    adapters: ["node-http"],
    persister: "fs",
    persisterOptions: { fs: { recordingsDir: folder } },
    mode: job.do,
    recordIfMissing: false,
    recordFailedRequests: true,
    flushRequestsOnStop: true,
    logLevel: "silent",
  });
  const har = path.join(folder, polly.recordingId, "recording.har");
  try {
    if (job.do === "replay") {
      fs.mkdirSync(path.dirname(har), { recursive: true });
      fs.copyFileSync(job.cassette, har);
    }
    const answers = [];
    for (const call of job.calls) answers.push(await answer(call));
    await polly.stop();
    if (job.do === "record") fs.copyFileSync(har, job.cassette);
    return { answers };
  } catch (error) {
    await polly.stop().catch(() => {});
    return { error: String(error) };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function answer(call) {
  return new Promise((resolve) => {
    const url = new URL(call.url);
    const headers = {};
    for (const [name, value] of call.headers) headers[name] = value;
    const { request } = url.protocol === "https:" ? https : http;
    const failed = (error) => resolve({ error: String(error) });
    const made = request(url, { method: call.method, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(Buffer.from(chunk)));
      response.on("error", failed);
      response.on("end", () =>
        resolve({
          status: response.statusCode,
          reason: response.statusMessage ?? "",
          headers: paired(response.rawHeaders),
          body: Buffer.concat(chunks).toString("base64"),
        }),
      );
    });
    made.on("error", failed);
    if (call.body !== null) made.write(Buffer.from(call.body, "base64"));
    made.end();
  });
}

function paired(raw) {
  const pairs = [];
  for (let at = 0; at < raw.length; at += 2) {
    for (const value of [raw[at + 1]].flat()) pairs.push([raw[at], value]);
  }
  return pairs;
}

const { version } = require("@pollyjs/core/package.json");
console.log(JSON.stringify({ version: `Polly.js ${version}` }));
for await (const line of readline.createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await done(JSON.parse(line))));
}

// Starts `fiador sandbox --json` and reads the line that tells where everything is.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const binary = process.env.FIADOR_BINARY ?? fileURLToPath(new URL('../../target/debug/fiador', import.meta.url));

/** A running sandbox: its announcement, and a way to end it. */
export async function startSandbox(...options) {
  const child = spawn(binary, ['sandbox', '--json', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (text) => (log = (log + text).slice(-20_000)));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const lines = createInterface({ input: child.stdout });
  const first = new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.once('error', reject);
    ended.then((status) => reject(new Error(`the sandbox ended (${status}):\n${log}`)));
  });
  const announcement = JSON.parse(await first);
  const stop = () => (child.kill('SIGTERM'), ended);
  return { ...announcement, stop };
}

/** The application with this profile. */
export const application = (sandbox, profile) => sandbox.apps.find((app) => app.profile === profile);

/** Creates an application through the admin API, and returns it with its id and secret. */
export async function register(sandbox, registration) {
  const answer = await fetch(`${sandbox.admin.url}/admin/v1/apps`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.admin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Newcomer', profile: 'oidc', scopes: ['openid'], ...registration }),
  });
  if (answer.status !== 201) throw new Error(`not created: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** A phone that gets codes by SMS and is left to the test. */
export const smsPhone = (sandbox) =>
  sandbox.phones.find((phone) => !phone.auto && phone.authenticators.includes('sms_otp'));

/** All messages a phone has got, oldest first. */
export async function messages(sandbox, phone) {
  const answer = await fetch(`${sandbox.sandbox}/api/phones/${phone.msisdn}/messages`);
  if (!answer.ok) throw new Error(`messages of a phone: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

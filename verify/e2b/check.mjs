// The published e2b client, unmodified, against the platform that E2B_API_URL and E2B_SANDBOX_URL name.
// Prints `ok NAME` for each thing that works; the first that does not ends the run.
import assert from 'node:assert/strict';
import { ALL_TRAFFIC, Sandbox, NotFoundError } from 'e2b';

const check = async (name, run) => {
  await run();
  console.log(`ok ${name}`);
};

const sandbox = await Sandbox.create({ metadata: { 'a b': 'ü/&=+%', suite: 'check' }, envs: { GREETING: 'hello' } });
try {
  await check('create', async () => assert.match(sandbox.sandboxId, /^cl-[0-9a-z]{25}$/));
  await check('isRunning', async () => assert.equal(await sandbox.isRunning(), true));
  await check('commands.run', async () => {
    const result = await sandbox.commands.run('echo $GREETING; echo err >&2');
    assert.deepEqual([result.stdout, result.stderr, result.exitCode], ['hello\n', 'err\n', 0]);
  });
  await check('commands.run exit code', () =>
    assert.rejects(sandbox.commands.run('exit 7'), (error) => error.exitCode === 7));
  await check('commands.run user, cwd, envs', async () => {
    const result = await sandbox.commands.run('id -un; pwd; echo $X', { user: 'root', cwd: '/tmp', envs: { X: 'y' } });
    assert.equal(result.stdout, 'root\n/tmp\ny\n');
  });
  await check('background, stdin, kill', async () => {
    const cat = await sandbox.commands.run('cat', { background: true, stdin: true });
    await sandbox.commands.sendStdin(cat.pid, 'typed\n');
    await sandbox.commands.closeStdin(cat.pid);
    assert.equal((await cat.wait()).stdout, 'typed\n');
    const sleep = await sandbox.commands.run('sleep 1000', { background: true });
    assert.ok((await sandbox.commands.list()).some((process) => process.pid === sleep.pid));
    assert.equal(await sandbox.commands.kill(sleep.pid), true);
    assert.equal(await sandbox.commands.kill(999999), false);
  });
  await check('pty.create, sendInput, resize, connect, kill', async () => {
    let seen = '';
    const decoder = new TextDecoder();
    const pty = await sandbox.pty.create({ cols: 80, rows: 24, timeoutMs: 0, onData: (data) => { seen += decoder.decode(data); } });
    const type = (text) => sandbox.pty.sendInput(pty.pid, new TextEncoder().encode(text));
    const shows = async (text) => {
      for (let i = 0; i < 200 && !seen.includes(text); i++) await new Promise((done) => setTimeout(done, 25));
      assert.ok(seen.includes(text), seen);
    };
    await type('echo "$TERM"-$((40+2)); stty size\n');
    await shows('xterm-256color-42');
    await shows('24 80');
    await sandbox.pty.resize(pty.pid, { cols: 100, rows: 30 });
    await type('stty size\n');
    await shows('30 100');
    let other = '';
    const second = await sandbox.pty.connect(pty.pid, { onData: (data) => { other += decoder.decode(data); } });
    await type('echo both-$((6*7))\n');
    await shows('both-42');
    for (let i = 0; i < 200 && !other.includes('both-42'); i++) await new Promise((done) => setTimeout(done, 25));
    assert.ok(other.includes('both-42'), other);
    await type('exit 3\n');
    await assert.rejects(second.wait(), (error) => error.exitCode === 3);
    await assert.rejects(pty.wait(), (error) => error.exitCode === 3);
    const killed = await sandbox.pty.create({ cols: 80, rows: 24, onData: () => {} });
    assert.equal(await sandbox.pty.kill(killed.pid), true);
    assert.equal(await sandbox.pty.kill(999999), false);
  });
  await check('commands.connect, onStdout', async () => {
    let first = '';
    const slow = await sandbox.commands.run('sleep 0.3; echo one; sleep 0.3; echo two; exit 4', { background: true, onStdout: (data) => { first += data; } });
    const joined = await sandbox.commands.connect(slow.pid);
    await assert.rejects(joined.wait(), (error) => error.exitCode === 4 && error.stdout === 'one\ntwo\n');
    await assert.rejects(slow.wait(), (error) => error.exitCode === 4);
    assert.equal(first, 'one\ntwo\n');
  });
  await check('files.write, files.read', async () => {
    await sandbox.files.write('dir/ž.txt', 'obsah');
    assert.equal(await sandbox.files.read('dir/ž.txt'), 'obsah');
    await sandbox.files.write([{ path: '/tmp/1', data: 'one' }, { path: '/tmp/2', data: new Uint8Array([0, 255]).buffer }]);
    assert.deepEqual([...(await sandbox.files.read('/tmp/2', { format: 'bytes' }))], [0, 255]);
    await assert.rejects(sandbox.files.read('/nothing'), NotFoundError);
  });
  await check('getInfo, setTimeout', async () => {
    await sandbox.setTimeout(120_000);
    const info = await sandbox.getInfo();
    assert.equal(info.state, 'running');
    assert.ok(info.endAt - Date.now() < 121_000);
  });
  await check('list by metadata', async () => {
    const page = Sandbox.list({ query: { metadata: { 'a b': 'ü/&=+%' } } });
    assert.ok((await page.nextItems()).some((item) => item.sandboxId === sandbox.sandboxId));
  });
  await check('network: allowOut, denyOut, updateNetwork', async () => {
    const limited = await Sandbox.create({ network: { allowOut: ['one.origin.test'], denyOut: [ALL_TRAFFIC] } });
    try {
      // What CONNECT was answered: 403 is a denial; 200 or 502 went as far as the host, which need not be there.
      const answer = async (host) =>
        (await limited.commands.run(`curl -s -o /dev/null -w '%{http_connect}' https://${host}/ || true`)).stdout;
      assert.notEqual(await answer('one.origin.test'), '403');
      assert.equal(await answer('two.origin.test'), '403');
      await assert.rejects(Sandbox.create({ network: { allowOut: ['one.origin.test'] } }), /ALL_TRAFFIC/);
      await limited.updateNetwork({ allowOut: ['two.origin.test'], denyOut: [ALL_TRAFFIC] });
      assert.equal(await answer('one.origin.test'), '403');
      assert.notEqual(await answer('two.origin.test'), '403');
    } finally {
      await limited.kill();
    }
  });
  await check('getHost', async () => assert.match(sandbox.getHost(3000), /^3000-cl-[0-9a-z]{25}\.localhost:\d+$/));
  await check('pause, connect', async () => {
    await sandbox.commands.run('sleep 500', { background: true });
    assert.equal(await sandbox.pause(), true);
    assert.equal(await sandbox.isRunning(), false);
    const again = await Sandbox.connect(sandbox.sandboxId);
    assert.equal((await again.commands.run('pgrep -c sleep')).stdout, '1\n');
  });
} finally {
  await check('kill', async () => assert.equal(await sandbox.kill(), true));
}
await check('kill again', async () => assert.equal(await Sandbox.kill(sandbox.sandboxId), false));
await check('isRunning when killed', async () => assert.equal(await sandbox.isRunning(), false));

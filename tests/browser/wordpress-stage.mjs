/**
 * A WordPress with the plugin of examples/wordpress/, an administrator and two posts, on a database and a web server that end with
 * the test: MariaDB on a socket without accounts, PHP's own server. `tests/tools.sh wordpress` gets all three from Debian.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../engines/processes.mjs';
import { ROOT, later, run } from './stage.mjs';

/** WordPress as its package has it. */
export const WORDPRESS = process.env.BILIK_WORDPRESS ?? join(ROOT, 'target/tools/wordpress');
export const isInstalled = existsSync(join(WORDPRESS, 'wp-load.php'));

export const ADMIN = { name: 'admin', password: 'contoh-saja-1234' };
const PATIENCE_MS = 60_000;

/** A process that runs until the test is over. */
function background(command, args, options) {
  const child = spawn(command, args, { stdio: 'ignore', ...options });
  const ended = new Promise((done) => child.on('exit', done));
  process.once('exit', () => child.kill('SIGKILL'));
  later(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return ended.then((status) => Promise.reject(new Error(`${command} ended with ${status}`)));
}

/** Tries until it works. @param {() => Promise<unknown>} attempt */
async function eventually(attempt, died) {
  died.catch(() => {});
  for (const until = Date.now() + PATIENCE_MS; ; ) {
    try {
      return await Promise.race([attempt(), died]);
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

const config = (url, socket) => `<?php
define( 'DB_NAME', 'wp' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:${socket}' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'WP_HOME', '${url}' );
define( 'WP_SITEURL', '${url}' );
// Nothing is asked of anybody.
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'DISABLE_WP_CRON', true );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', __DIR__ . '/debug.log' );
$table_prefix = 'wp_';
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require ABSPATH . 'wp-settings.php';
`;

/** A theme as small as one can be. */
const THEME = `<!doctype html><html <?php language_attributes(); ?>><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><?php wp_head(); ?></head><body <?php body_class(); ?>>
<?php while ( have_posts() ) { the_post(); the_title( '<h1>', '</h1>' ); the_content(); } wp_footer(); ?></body></html>
`;

const install = ({ sites, posts }) => `<?php
define( 'WP_INSTALLING', true );
$_SERVER += array( 'HTTP_HOST' => 'localhost', 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1' );
mysqli_report( MYSQLI_REPORT_OFF );
require __DIR__ . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
function wp_new_blog_notification() {}
wp_install( 'Berita', '${ADMIN.name}', 'admin@example.org', false, '', '${ADMIN.password}' );
update_option( 'active_plugins', array( 'bilik.php' ) );
update_option( 'template', 'kecil' );
update_option( 'stylesheet', 'kecil' );
update_option( 'bilik_sites', ${JSON.stringify(sites)} );
foreach ( json_decode( base64_decode( '${Buffer.from(JSON.stringify(posts)).toString('base64')}' ), true ) as $title => $content ) {
	$id = wp_insert_post( array( 'post_title' => $title, 'post_content' => wp_slash( $content ), 'post_status' => 'publish', 'post_author' => 1 ) );
	echo "$title=$id\\n";
}
`;

/**
 * @param {{ sites: string, posts: Record<string, string> }} content
 * @returns {Promise<{ url: string, posts: Record<string, string>, log: string }>} addresses of the posts by their title; what PHP complained of
 */
export async function startWordPress(content) {
  const folder = await mkdtemp(join(tmpdir(), 'bilik-wordpress-'));
  later(() => rm(folder, { recursive: true, force: true }));
  const [www, data, socket] = ['www', 'data', 'db.sock'].map((name) => join(folder, name));
  await cp(WORDPRESS, www, { recursive: true });
  await mkdir(data);
  const database = background('/usr/sbin/mariadbd', [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${socket}`,
    '--skip-networking',
    '--skip-grant-tables',
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ]);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await writeFile(join(www, 'wp-config.php'), config(url, socket));
  const theme = join(www, 'wp-content/themes/kecil');
  await mkdir(theme, { recursive: true });
  await writeFile(join(theme, 'style.css'), '/* Theme Name: Kecil */');
  await writeFile(join(theme, 'index.php'), THEME);
  await mkdir(join(www, 'wp-content/plugins'), { recursive: true });
  await copyFile(join(ROOT, 'examples/wordpress/bilik.php'), join(www, 'wp-content/plugins/bilik.php'));
  const create = `mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT); $db = mysqli_init();
    $db->real_connect('localhost', 'root', '', null, 0, '${socket}'); $db->query('CREATE DATABASE IF NOT EXISTS wp');`;
  await eventually(() => run('php', ['-r', create]), database);
  await writeFile(join(www, 'install.php'), install(content));
  const printed = await run('php', ['install.php'], { cwd: www });
  const server = background('php', ['-S', `127.0.0.1:${port}`, '-t', www], {
    cwd: www,
    env: { ...process.env, PHP_CLI_SERVER_WORKERS: '4' },
  });
  await eventually(() => fetch(`${url}/wp-login.php`), server);
  const posts = Object.fromEntries([...printed.matchAll(/^(.+)=(\d+)$/gm)].map(([, title, id]) => [title, `${url}/?p=${id}`]));
  if (!Object.keys(posts).length) throw new Error(`WordPress was not installed:\n${printed}`);
  return { url, posts, log: join(www, 'debug.log') };
}

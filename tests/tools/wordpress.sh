# shellcheck shell=bash
# WordPress with PHP and a database, for tests/browser/wordpress.test.mjs. tests/tools.sh sources this.

# PHP and the database are installed without a service; WordPress itself is unpacked, not installed, so that no web server comes
# along. Its package points to libraries of other packages, which are copied into it.
bilik_get_wordpress() {
  local folder=$BILIK_TOOLS/wordpress work
  command -v php >/dev/null && command -v /usr/sbin/mariadbd >/dev/null && [ -e "$folder/.installed" ] && return
  bilik_say "WordPress: installing php-cli, php-mysql, mariadb-server-core, and unpacking wordpress"
  bilik_apt_install php-cli php-mysql mariadb-server-core php-getid3 libjs-underscore libjs-cropper || return
  work=$(mktemp -d)
  # apt may run as a user of its own, which writes there.
  chmod 755 "$work"
  (cd "$work" && bilik_quiet apt-get download wordpress) || return
  bilik_quiet dpkg-deb -x "$work"/wordpress_*.deb "$work/x" || return
  # Links within the package lead beside /usr/share of this machine.
  rm -f "$work/x/usr/share/wordpress/.htaccess"
  rm -rf "$work/x/usr/share/php" "$work/x/usr/share/javascript"
  ln -s /usr/share/php /usr/share/javascript "$work/x/usr/share/"
  rm -rf "$folder"
  cp -rL "$work/x/usr/share/wordpress" "$folder" || return
  rm -rf "$work" "$folder/wp-config.php"
  : >"$folder/.installed"
}

bilik_need_wordpress() {
  bilik_alone bilik_get_wordpress || return
  export BILIK_WORDPRESS=$BILIK_TOOLS/wordpress
  bilik_say "WordPress $(sed -n "s/^\$wp_version = '\(.*\)';/\1/p" "$BILIK_WORDPRESS/wp-includes/version.php"): there"
}

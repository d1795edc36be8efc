# shellcheck shell=bash
# The schemas of Kubernetes; tests/tools.sh reads this file.

bilik_kubernetes_validate_version=1.37.0

bilik_get_kubernetes_validate() {
  local folder=$BILIK_TOOLS/kubernetes-$bilik_kubernetes_validate_version
  if [ -e "$folder/.installed" ]; then return; fi
  # Debian has ensurepip in a package of its own.
  python3 -c 'import ensurepip' 2>/dev/null || bilik_apt_install python3-venv || return
  bilik_say "kubernetes-validate $bilik_kubernetes_validate_version: installing"
  bilik_quiet python3 -m venv --clear "$folder" || return
  bilik_quiet "$folder/bin/pip" install --disable-pip-version-check \
    "kubernetes-validate==$bilik_kubernetes_validate_version" || return
  : >"$folder/.installed"
}

bilik_need_kubernetes_validate() {
  bilik_alone bilik_get_kubernetes_validate || return
  export BILIK_KUBERNETES=$BILIK_TOOLS/kubernetes-$bilik_kubernetes_validate_version/bin
  bilik_say "kubernetes-validate $bilik_kubernetes_validate_version: there"
}

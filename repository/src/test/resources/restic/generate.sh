#!/bin/bash
# Makes the repositories of this folder with restic 0.14. They are committed: run it only to make
# them anew, which changes every id. Needs restic, python3 and setfattr.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RESTIC_PASSWORD=holdfast RESTIC_CACHE_DIR="$work/cache" TZ=Europe/Berlin

mkdir "$work/source" && cd "$work/source"
python3 - <<'PY'
import os
def put(name, data=b'x'):
    with open(name, 'wb') as f:
        f.write(data)
put(b'quote"back\\slash')
put(b'a<b>&c')
put(b'control\x01\x07\x08\x09\x0a\x0b\x0c\x0d\x1f\x7f')
put(b'invalid\xff\xc3(\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf')
put('na\u00efve \u4e2d\u6587 \U0001f600'.encode())
put('space\u00a0hyphen\u00adline\u2028bom\ufeffzero\u200b'.encode())
put('private\ue000\U000f0000\U000e0001 replacement\ufffd'.encode())
put('next\u0085 unassigned\u0378 supplementary\U0001fffe'.encode())
put('combining e\u0301 \u0e01\u0e33 \U00020000'.encode())
put(b'empty', b'')
put(b'hard', b'hard'); os.link(b'hard', b'hard2')
put(b'set-id'); os.chmod(b'set-id', 0o6755)
os.mkdir(b'empty-dir'); os.mkdir(b'sticky'); os.chmod(b'sticky', 0o1777)
os.mkfifo(b'fifo')
os.symlink(b'target <&> \xe2\x80\xa8 "q" \\', b'link')
os.symlink(b'/nowhere', b'dangling')
for name, when in (b'epoch', 0), (b'before', -1), (b'nanos', 1234567890123456789), (b'tenth', 1700000000100000000):
    put(name); os.utime(name, ns=(when, when))
try:
    os.setxattr(b'empty', b'user.comment', b'\x00\xff value'); os.setxattr(b'empty', b'user.nothing', b'')
except OSError:
    pass
PY
for version in 1 2; do
  repository="$here/v$version"
  rm -rf "$repository"
  restic -q -r "$repository" init --repository-version "$version"
  restic -q -r "$repository" backup --host host --tag one --tag '<two>' --exclude 'no&thing' .
  find "$repository" -type d -empty -delete
  chmod -R u+w "$repository"
done

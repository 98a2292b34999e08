#!/bin/sh
# Pins every image of the Compose files and the Dockerfile to the digest that its tag has now: name:tag@sha256:…
# Needs Docker with buildx. Run it in the checkout, read the difference, keep it; run it again after raising a tag.
set -eu
cd "$(dirname "$0")/.."

files="docker-compose.yml docker-compose.production.yml Dockerfile"
# shellcheck disable=SC2086
images=$(sed -nE 's/^ *(image:|FROM) ([a-z0-9./-]+:[a-zA-Z0-9._-]+)(@sha256:[0-9a-f]+)?( AS .*)?$/\2/p' $files | sort -u)
for image in $images; do
    digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$image")
    # shellcheck disable=SC2086
    sed -i -E "s#(image:|FROM) $image(@sha256:[0-9a-f]+)?( AS .*)?\$#\\1 $image@$digest\\3#" $files
    echo "$image@$digest"
done

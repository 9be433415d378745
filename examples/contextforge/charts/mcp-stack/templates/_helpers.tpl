{{/* The name of everything that belongs to one install. */}}
{{- define "mcp-stack.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Labels by which a component's pods are found: (dict "root" $ "component" "gateway"). */}}
{{- define "mcp-stack.selectorLabels" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* All labels of a component's objects; takes what selectorLabels takes. */}}
{{- define "mcp-stack.labels" -}}
{{ include "mcp-stack.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | replace "+" "_" | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{/* An image by digest, else by tag, else by the chart's appVersion: (dict "root" $ "image" …). */}}
{{- define "mcp-stack.image" -}}
{{- if .image.digest -}}
{{- printf "%s@%s" .image.repository .image.digest -}}
{{- else -}}
{{- printf "%s:%s" .image.repository (.image.tag | default (.root.Chart.AppVersion | replace "+" "_")) -}}
{{- end -}}
{{- end -}}

{{- define "mcp-stack.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "mcp-stack.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{/* Where a secret value is kept: (dict "root" $ "auth" … "key" "its key in the chart's Secret"). */}}
{{- define "mcp-stack.secretKeyRef" -}}
secretKeyRef:
{{- if .auth.existingSecret }}
  name: {{ .auth.existingSecret }}
  key: {{ .auth.existingSecretKey }}
{{- else }}
  name: {{ include "mcp-stack.fullname" .root }}
  key: {{ .key }}
{{- end }}
{{- end -}}

{{/* What the chart's own Secret holds, as YAML; nothing if all secrets are kept elsewhere. */}}
{{- define "mcp-stack.secretData" -}}
{{- if and .Values.auth.token (not .Values.auth.existingSecret) }}
token: {{ .Values.auth.token | quote }}
{{- end }}
{{- range $store := list "postgresql" "redis" }}
{{- $values := get $.Values $store }}
{{- if and $values.enabled (not $values.auth.existingSecret) }}
{{ $store }}-password: {{ required (printf "%s.auth.password or %s.auth.existingSecret is needed" $store $store) $values.auth.password | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The servers of the gateway as NAME=URL, separated by commas. */}}
{{- define "mcp-stack.servers" -}}
{{- $fullname := include "mcp-stack.fullname" . -}}
{{- $servers := list -}}
{{- range $name, $server := .Values.servers -}}
{{- if $server.enabled -}}
{{- $servers = append $servers (printf "%s=http://%s-%s:%v/mcp" $name $fullname $name $server.port) -}}
{{- end -}}
{{- end -}}
{{- join "," $servers -}}
{{- end -}}

{{- define "mcp-stack.podSecurityContext" -}}
runAsNonRoot: true
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "mcp-stack.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Liveness and readiness over HTTP: (dict "live" "/health" "ready" "/ready"). */}}
{{- define "mcp-stack.probes" -}}
livenessProbe:
  httpGet:
    path: {{ .live }}
    port: http
  periodSeconds: 20
  timeoutSeconds: 5
readinessProbe:
  httpGet:
    path: {{ .ready }}
    port: http
  periodSeconds: 10
  timeoutSeconds: 5
{{- end -}}

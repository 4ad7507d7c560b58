#| kata: deploy.manifests
#| refused_by: test_readiness_is_asked_while_it_drains
# A variable has to be a text.
r"""
apiVersion: apps/v1
kind: Deployment
metadata:
  name: waybill
spec:
  replicas: 2
  strategy:
    rollingUpdate:
      maxUnavailable: 0
  selector:
    matchLabels: {app: waybill}
  template:
    metadata:
      labels: {app: waybill}
    spec:
      enableServiceLinks: false
      terminationGracePeriodSeconds: 30
      securityContext: {runAsNonRoot: true}
      containers:
        - name: waybill
          image: registry.example.com/waybill:1.0.0
          ports:
            - containerPort: 8000
          env:
            - name: WAYBILL_DRAIN_SECONDS
              value: 15
          envFrom:
            - secretRef: {name: waybill}
          livenessProbe:
            httpGet:
              path: /health
              port: 8000
              httpHeaders: [{name: Host, value: localhost}]
          readinessProbe:
            httpGet:
              path: /ready
              port: 8000
              httpHeaders: [{name: Host, value: localhost}]
            periodSeconds: 2
          resources:
            requests: {cpu: 250m, memory: 256Mi}
            limits: {memory: 512Mi}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
---
apiVersion: v1
kind: Service
metadata:
  name: waybill
spec:
  selector: {app: waybill}
  ports:
    - port: 80
      targetPort: 8000
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: waybill
spec:
  minAvailable: 1
  selector:
    matchLabels: {app: waybill}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: waybill-migrate
spec:
  template:
    spec:
      restartPolicy: Never
      enableServiceLinks: false
      securityContext: {runAsNonRoot: true}
      containers:
        - name: migrate
          image: registry.example.com/waybill:1.0.0
          command: ["python", "-m", "waybill.migrate"]
          envFrom:
            - secretRef: {name: waybill}
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: waybill-sweep
spec:
  schedule: "30 3 * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          enableServiceLinks: false
          securityContext: {runAsNonRoot: true}
          containers:
            - name: sweep
              image: registry.example.com/waybill:1.0.0
              command: ["python", "-m", "waybill.sweep"]
              envFrom:
                - secretRef: {name: waybill}
"""

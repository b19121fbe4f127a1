import { IconFileImport, IconSparkles } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import { FormError } from '@/ui/form-error';
import styles from './account.module.css';

/** How many customers the sample chain has, and the seed that makes it always the same. */
const SAMPLE = { customers: 20_000, seed: 7 };

/** After the first run: look at a sample chain, or bring one's own files. */
export function SetupChoice() {
  const { t } = useTranslation('account');
  const navigate = useNavigate();
  const sample = useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/demo', { body: SAMPLE })),
    onSuccess: () => navigate({ to: '/' }),
  });
  return (
    <div className={styles.form}>
      <FormError error={sample.error} />
      <div className={styles.choices}>
        <button
          type="button"
          className={styles.choice}
          disabled={sample.isPending}
          onClick={() => sample.mutate()}
        >
          <IconSparkles size={28} stroke={1.6} aria-hidden />
          <strong>{t('choice.sample')}</strong>
          <span>{t('choice.sample_hint')}</span>
        </button>
        <button
          type="button"
          className={styles.choice}
          onClick={() => void navigate({ to: '/imports/new' as '/' })}
        >
          <IconFileImport size={28} stroke={1.6} aria-hidden />
          <strong>{t('choice.files')}</strong>
          <span>{t('choice.files_hint')}</span>
        </button>
      </div>
    </div>
  );
}
